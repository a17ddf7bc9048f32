using System.Diagnostics;
using System.Globalization;
using PolyglotSync.Bench.Report;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Node;

namespace PolyglotSync.Bench.Servers;

/// <summary>The real program as a process, and what the kernel says of it.</summary>
internal sealed class NodeUnderLoad : IAsyncDisposable
{
    public const string Pipeline = "bench";

    private const int ClockTicks = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly SyncNodeProcess _process;
    private readonly NodeClient _client;
    private readonly string _manifest;

    private NodeUnderLoad(SyncNodeProcess process, string manifest)
    {
        _process = process;
        _manifest = manifest;
        _client = new NodeClient(process.Api.Address);
    }

    public static NodeUnderLoad Run(string manifest) => Start(manifest, file => SyncNodeProcess.Run(file, "--log-level", "warning"));

    public static NodeUnderLoad Capture(string manifest) => Start(manifest, file => SyncNodeProcess.Capture(new Dictionary<string, string>(), file, "--log-level", "warning"));

    private static NodeUnderLoad Start(string manifest, Func<string, SyncNodeProcess> start)
    {
        var file = Path.Combine(Path.GetTempPath(), $"polysync-bench-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, manifest);
        return new NodeUnderLoad(start(file), file);
    }

    /// <summary>Waits until the graph holds everything up to the LSN.</summary>
    public async Task ReachAsync(Lsn lsn, CancellationToken cancellationToken)
    {
        await UntilAsync(async () =>
        {
            var answer = await _client.WaitAsync(Pipeline, lsn, Patience, TimeProvider.System, cancellationToken);
            return answer.Reached;
        }, cancellationToken);
    }

    /// <summary>Waits for the LSN, half a second at the most.</summary>
    /// <returns>The watermark.</returns>
    public async Task<Lsn> AskAsync(Lsn lsn, CancellationToken cancellationToken) =>
        Lsn.Parse((await _client.WaitAsync(Pipeline, lsn, TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken)).Watermark);

    /// <summary>Waits until every table is copied and changes flow.</summary>
    public Task StreamAsync(CancellationToken cancellationToken) => UntilAsync(async () => await StatusAsync(cancellationToken) is { State: PipelineState.Streaming } status
        && status.Copy.All(t => t.Phase.Equals(nameof(CopyPhase.Done), StringComparison.OrdinalIgnoreCase)), cancellationToken);

    /// <summary>Of the pipeline; of its capture, where the process does nothing else.</summary>
    public async Task<PipelineStatus> StatusAsync(CancellationToken cancellationToken) =>
        (await _client.PipelinesAsync(cancellationToken)).Where(p => p.Name == Pipeline).MinBy(p => p.Role) ?? throw new PipelineFailure(FailureClass.Fatal, "the node does not know the pipeline");

    /// <summary>Peak resident memory and CPU time since its start, and where the time went.</summary>
    public async Task<NodeCost> CostAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken);
        if (status.DeadLetters > 0) throw new InvalidOperationException($"{status.DeadLetters} dead letters; the node says:\n{_process.Error}");
        return new NodeCost(PeakMegabytes, CpuSeconds, status.Stages);
    }

    public double PeakMegabytes => _process.PeakMemoryMb();

    public double CpuSeconds
    {
        get
        {
            var text = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / (double)ClockTicks;
        }
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task StopAsync()
    {
        if (await _process.TerminateAsync(TimeSpan.FromSeconds(60)) is var code and not 0) throw new InvalidOperationException($"the node ended with {code}:\n{_process.Error}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
        File.Delete(_manifest);
    }

    private async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{_process.Error}");
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"the node is not done after {Patience.TotalMinutes} minutes; it says:\n{_process.Error}");
            try
            {
                if (await holds()) return;
            }
            catch (PipelineFailure failure) when (failure.ExitCode == ExitCode.NodeUnavailable || failure.Class == FailureClass.Fatal)
            {
                // it does not listen yet, or does not know the pipeline yet
            }
            await Task.Delay(10, cancellationToken);
        }
    }
}
