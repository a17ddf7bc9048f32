using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using PolyglotSync.Bench.Report;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Bench.Servers;

/// <summary>The real program as a process, and what the kernel says of it.</summary>
internal sealed partial class NodeUnderLoad : IAsyncDisposable
{
    public const string Pipeline = "bench";

    private const int ClockTicks = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly Process _process;
    private readonly StringBuilder _messages = new();
    private readonly NodeClient _client;

    private readonly string _manifest;

    private NodeUnderLoad(Process process, Uri api, string manifest)
    {
        _process = process;
        _manifest = manifest;
        Api = api;
        _client = new NodeClient(api);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
    }

    public Uri Api { get; }

    public static NodeUnderLoad Start(string source, Uri target, BenchSettings settings)
    {
        var api = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        var manifest = Path.Combine(Path.GetTempPath(), $"polysync-bench-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(manifest, $$"""
            pipeline: {{Pipeline}}
            consistency: {{settings.Consistency.ToString().ToLowerInvariant()}}
            source: { dsn: "{{source}}" }
            target: { uri: "{{target.ToString().TrimEnd('/')}}" }
            limits: { {{settings.Limits}} }
            """);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var word in (string[])[Program(), "run", manifest, "--api", api.GetLeftPart(UriPartial.Authority), "--log-level", "warning"])
            start.ArgumentList.Add(word);
        var process = new Process { StartInfo = start };
        var node = new NodeUnderLoad(process, api, manifest);
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return node;
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

    public async Task<PipelineStatus> StatusAsync(CancellationToken cancellationToken) =>
        (await _client.PipelinesAsync(cancellationToken)).Single(p => p.Name == Pipeline);

    /// <summary>Peak resident memory and CPU time since its start, and where the time went.</summary>
    public async Task<NodeCost> CostAsync(CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken);
        if (status.DeadLetters > 0) throw new InvalidOperationException($"{status.DeadLetters} dead letters; the node says:\n{Messages}");
        return new NodeCost(PeakMegabytes, CpuSeconds, status.Stages);
    }

    public double PeakMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

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
        if (!_process.HasExited && Kill(_process.Id, 15) != 0) throw new InvalidOperationException("SIGTERM could not be sent");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        if (_process.ExitCode != 0) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{Messages}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        File.Delete(_manifest);
    }

    private string Messages
    {
        get
        {
            lock (_messages) return _messages.ToString();
        }
    }

    private static string Program() => Environment.GetEnvironmentVariable("POLYSYNC_NODE") is { Length: > 0 } named && File.Exists(named) ? named
        : throw new FileNotFoundException("POLYSYNC_NODE does not name PolyglotSync.SyncNode.dll; start the benchmark by ./polysync bench");

    private async Task UntilAsync(Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{Messages}");
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"the node is not done after {Patience.TotalMinutes} minutes; it says:\n{Messages}");
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

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_messages)
        {
            if (_messages.Length < 100_000) _messages.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
