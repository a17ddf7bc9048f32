using System.Globalization;
using PolyglotSync.Cli.Status;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Pbm;

/// <summary>
/// The palette <c>polysync</c> of Petabridge.Cmd: asks the pipelines by the same messages as the API. What of it touches Petabridge.Cmd is in the folder <c>Host</c>, which is compiled only with the real package.
/// </summary>
internal sealed class PolysyncPalette(IPipelines pipelines)
{
    public const string Name = "polysync";

    private static readonly PaletteArgument Which = new("pipeline", "which pipeline", IsRequired: true, "-p", "--pipeline");
    private static readonly PaletteArgument Any = Which with { Description = "which pipeline (default: all)", IsRequired = false };

    public static readonly IReadOnlyList<PaletteCommand> Commands =
    [
        new("pipelines", "shows pipelines: state, node, watermark, lag, rows/s", Any),
        new("pause", "writes what is in flight, then stops reading until it is resumed, over restarts and moves too", Which, new PaletteArgument("reason", "why, for whoever looks at the status", IsRequired: false, "-r", "--reason")),
        new("resume", "lets a paused or failed pipeline run again", Which),
        new("lag", "shows how far the graph is behind its source: bytes of log, seconds, messages", Any),
        new("watermark", "shows up to where in the source's log the graph is, or waits for it", Which,
            new PaletteArgument("wait", "an LSN to wait for, such as 0/16B3748, or 'now'", IsRequired: false, "-w", "--wait"),
            new PaletteArgument("timeout", "how many seconds (default: 30)", IsRequired: false, "-t", "--timeout")),
    ];

    /// <param name="arguments">By the names of <see cref="Commands"/>.</param>
    public async Task<PaletteAnswer> RunAsync(string command, IReadOnlyDictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var pipeline = arguments.GetValueOrDefault("pipeline");
            return command switch
            {
                "pipelines" => await EachAsync(pipeline, StatusLine.Render, cancellationToken),
                "lag" => await EachAsync(pipeline, Lag, cancellationToken),
                "pause" => Changed(await pipelines.ChangeAsync(pipeline!, PipelineVerb.Pause, arguments.GetValueOrDefault("reason"), cancellationToken)),
                "resume" => Changed(await pipelines.ChangeAsync(pipeline!, PipelineVerb.Resume, null, cancellationToken)),
                "watermark" => await WatermarkAsync(pipeline!, arguments, cancellationToken),
                _ => PaletteAnswer.Error($"there is no command '{command}' in the palette {Name}: it has {string.Join(", ", Commands.Select(c => c.Name))}"),
            };
        }
        catch (ApiRefusal refusal)
        {
            return PaletteAnswer.Error(refusal.Hint is null ? refusal.Message : $"{refusal.Message}; {refusal.Hint}");
        }
        catch (TimeoutException)
        {
            return PaletteAnswer.Error("the pipelines did not answer in time; the node is busy or stopping: try again");
        }
    }

    private async Task<PaletteAnswer> EachAsync(string? pipeline, Func<PipelineStatus, string> line, CancellationToken cancellationToken)
    {
        var all = await pipelines.StatusAsync(cancellationToken);
        if (pipeline is null) return new PaletteAnswer(all.Count == 0 ? ["no pipelines"] : [.. all.Select(line)]);
        var named = all.Where(p => p.Name == pipeline).ToList();
        return named.Count > 0 ? new PaletteAnswer([.. named.Select(line)]) : Unknown(pipeline, all);
    }

    private async Task<PaletteAnswer> WatermarkAsync(string pipeline, IReadOnlyDictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        var all = await pipelines.StatusAsync(cancellationToken);
        if (all.FirstOrDefault(p => p.Name == pipeline) is not { } found) return Unknown(pipeline, all);
        if (arguments.GetValueOrDefault("wait") is not { } wait) return new PaletteAnswer([found.HasWatermark ? $"{pipeline} {found.Watermark}" : $"{pipeline} has none: its rows are in order key by key"]);
        Lsn? lsn = null;
        if (wait != "now")
        {
            if (!Lsn.TryParse(wait, out var read)) return PaletteAnswer.Error($"'{wait}' is not an LSN; it looks like 0/16B3748, or is 'now'");
            lsn = read;
        }
        var patience = PipelineApi.DefaultWait;
        if (arguments.GetValueOrDefault("timeout") is { } timeout)
        {
            if (!int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > PipelineApi.MaxWait.TotalSeconds)
                return PaletteAnswer.Error($"'{timeout}' is not a number of seconds from 0 to {PipelineApi.MaxWait.TotalSeconds:0}");
            patience = TimeSpan.FromSeconds(seconds);
        }
        var answer = await pipelines.WaitAsync(pipeline, lsn, patience, cancellationToken);
        return answer.Reached ? new PaletteAnswer([$"{pipeline} {answer.Watermark}, reached"]) : PaletteAnswer.Error($"{pipeline} {answer.Watermark}, {answer.Reason ?? $"not reached within {patience.TotalSeconds:0} s"}");
    }

    private static PaletteAnswer Changed(PipelineStatus status) => new([StatusLine.Render(status)]);

    private static string Lag(PipelineStatus p) =>
        $"{p.Name} {(p.HasWatermark ? $"{Amounts.Bytes(p.LagBytes)}, " : "")}{Amounts.Seconds(p.LagSeconds)}{(p.LagMessages is { } messages ? $", {Amounts.Count(messages)} messages" : "")}, in flight {Amounts.Count(p.RowsInFlight)} rows";

    private static PaletteAnswer Unknown(string pipeline, IReadOnlyList<PipelineStatus> all) =>
        PaletteAnswer.Error($"there is no pipeline '{pipeline}'{(all.Count == 0 ? "" : $"; there are {string.Join(", ", all.Select(p => p.Name).Distinct())}")}");
}
