using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq retry</c>: has rows read again as they are in the source now, and waits for what becomes of them.</summary>
internal static class DlqRetryCommand
{
    private const double DefaultTimeoutSeconds = 60;

    /// <summary>Ids that one question names.</summary>
    private const int PartSize = 200;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var options = new PipelineOptions();
        var selection = new DlqSelection();
        var timeout = new Option<double>("--timeout")
        {
            Description = "seconds to wait for the outcome, 0 to 86400; 0 does not wait", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultTimeoutSeconds,
        };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 86_400)) result.AddError("--timeout takes 0 to 86400 seconds");
        });
        var command = new Command("retry", "read rows again as they are in the source now, write them, and settle their letters");
        selection.AddTo(command);
        command.Options.Add(timeout);
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var pipeline = await options.PipelineAsync(client, parsed, cancellationToken);
            var asked = await client.ChangeDeadLettersAsync(pipeline, "retry", selection.Read(parsed), cancellationToken);
            var letters = await OutcomeAsync(client, pipeline, asked.Ids, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken);
            return (int)await SayAsync(letters, options.IsJson(parsed), parsed.InvocationConfiguration, parsed.GetValue(timeout));
        });
        command.Document(new CommandPage
        {
            Prints = "A line a letter on stdout: `7 public.prices id=52: resolved`, `waiting`, or `refused again:` and the reason. A summary of what was not resolved on stderr.",
            Codes = [new(ExitCode.TimedOut, "rows wait for their retry still; it goes on by itself"), new(ExitCode.RefusedAgain), CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("dlq retry 7", "after the cause is mended"), new("dlq retry --table public.prices --timeout 300", "a table's, with patience"), new("dlq retry --all --timeout 0", "all open ones, without waiting")],
            More = "A retry is as safe as a copy, and needs a pipeline that runs: [dead letters](operations.md#dead-letters).",
        });
        return command;
    }

    private static async Task<IReadOnlyList<DeadLetterView>> OutcomeAsync(
        NodeClient client, string pipeline, IReadOnlyList<long> ids, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var done = new Dictionary<long, DeadLetterView>();
        while (true)
        {
            foreach (var part in ids.Where(id => !done.TryGetValue(id, out var known) || IsWaiting(known)).Chunk(PartSize))
            {
                var query = string.Create(CultureInfo.InvariantCulture, $"state=all&limit={PartSize}&ids={string.Join(',', part)}");
                foreach (var letter in (await client.DeadLettersAsync(pipeline, query, cancellationToken)).Letters) done[letter.Id] = letter;
            }
            if (!done.Values.Any(IsWaiting) || TimeProvider.System.GetElapsedTime(started) >= patience) return [.. ids.Select(id => done.GetValueOrDefault(id)).OfType<DeadLetterView>()];
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    private static bool IsWaiting(DeadLetterView letter) => letter is { State: DeadLetterState.Open, RetriedAt: not null };

    private static async Task<ExitCode> SayAsync(IReadOnlyList<DeadLetterView> letters, bool json, InvocationConfiguration to, double seconds)
    {
        if (json) await to.Output.WriteLineAsync(JsonSerializer.Serialize(letters, ApiJson.Indented));
        else
        {
            foreach (var letter in letters)
            {
                var outcome = letter.State != DeadLetterState.Open ? letter.State.ToString().ToLowerInvariant() : IsWaiting(letter) ? "waiting" : $"refused again: {letter.Reason}";
                await to.Output.WriteLineAsync($"{letter.Id} {letter.Table} {DlqTables.Key(letter)}: {outcome}");
            }
        }
        var waiting = letters.Count(IsWaiting);
        var refused = letters.Count(l => l.State == DeadLetterState.Open) - waiting;
        if (letters.Count == 0) await to.Error.WriteLineAsync("polysync: there are no open dead letters of these");
        if (refused > 0) await to.Error.WriteLineAsync($"polysync: {refused} of {letters.Count} rows were refused again; mend what the reason names, then retry");
        if (waiting > 0)
        {
            await to.Error.WriteLineAsync($"polysync: {waiting} of {letters.Count} rows wait for their retry after {seconds.ToString("0.###", CultureInfo.InvariantCulture)} s; "
                + "it goes on by itself, also over a restart ('polysync status' says what the pipeline does)");
        }
        return waiting > 0 && seconds > 0 ? ExitCode.TimedOut : refused > 0 ? ExitCode.RefusedAgain : ExitCode.Success;
    }
}
