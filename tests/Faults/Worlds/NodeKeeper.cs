using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Node;

namespace PolyglotSync.Faults.Worlds;

/// <summary>
/// What a service manager is to a node: starts it, and starts it again where it ended because a server was away at its first reach for it. Any other end that no fault asked for
/// is the node's own failure.
/// </summary>
/// <param name="captures">The node is a <c>polysync capture</c>.</param>
public sealed class NodeKeeper(string manifest, bool captures = false) : IAsyncDisposable
{
    /// <summary>The exit code of a process that SIGTERM ended before it had a handler.</summary>
    private const int EndedBySignal = 128 + 15;

    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _said = new();
    private readonly List<string> _failures = [];
    private SyncNodeProcess? _node;
    private Task _watching = Task.CompletedTask;
    private volatile bool _isWanted;

    public SyncNodeProcess Current => _node ?? throw new InvalidOperationException("no node was started");

    /// <summary>Ends that nobody asked for, each with its reason.</summary>
    public IReadOnlyList<string> Failures { get { lock (_failures) return [.. _failures]; } }

    /// <summary>Of all nodes so far, in MB.</summary>
    public double PeakMemoryMb { get; private set; }

    /// <summary>What all nodes so far have said on stderr.</summary>
    public string Said { get { lock (_said) return _said + (_node?.Error ?? ""); } }

    /// <param name="failpoint">Armed in this node only.</param>
    public void Start(string? failpoint = null) => Keep(() => Launch(failpoint), failpoint is null);

    /// <summary>As <see cref="Start"/>, where no file may hold a single byte.</summary>
    public void StartWithoutDisk() => Keep(() => SyncNodeProcess.Run(["prlimit", "--fsize=0:0", "dotnet"],
        new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0" }, manifest), isWanted: true);

    /// <summary>A node that nobody keeps: the second one on the pipeline.</summary>
    public SyncNodeProcess Launch(string? failpoint = null)
    {
        var environment = failpoint is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [Failpoint.Variable] = failpoint };
        return captures ? SyncNodeProcess.Capture(environment, manifest) : SyncNodeProcess.Run(environment, manifest);
    }

    /// <summary>SIGKILL; stays down until <see cref="Start"/>.</summary>
    public async Task KillAsync()
    {
        _isWanted = false;
        Measure();
        await Current.KillAsync();
    }

    /// <summary>SIGTERM, which must end in time; stays down until <see cref="Start"/>.</summary>
    public async Task TerminateAsync()
    {
        _isWanted = false;
        Measure();
        var code = await Current.TerminateAsync(TimeSpan.FromSeconds(45));
        // one that has not begun yet has nothing to stop: the signal, or the command, ends it
        var isUsual = code is (int)ExitCode.Success or (int)ExitCode.SourceUnavailable or (int)ExitCode.TargetUnavailable
            or (int)ExitCode.BrokerUnavailable or (int)ExitCode.Interrupted or EndedBySignal;
        if (!isUsual) Fail($"SIGTERM ended the node with {code}");
    }

    /// <summary>
    /// A second node is started by mistake. It finds the slot held and ends; or, where the first was not there yet itself, it takes the pipeline over, and the first ends as fenced.
    /// Whoever is left is kept.
    /// </summary>
    /// <param name="within">Until one has ended.</param>
    /// <param name="mayFindItHeld">The first may come back to a slot that the second has taken, before it hears that it was followed.</param>
    public async Task CompeteAsync(TimeSpan within, bool mayFindItHeld = false)
    {
        _isWanted = false;
        var (first, second) = (Current, Launch());
        await Eventually.AsyncTrue(() => Task.FromResult(first.HasExited || second.HasExited), within, "one of two nodes ends", () => Tail(first.Error + second.Error));
        if (second.HasExited)
        {
            if (second.ExitCode == 0) Fail($"a second node ended with 0: {Tail(second.Error)}");
            await second.DisposeAsync();
        }
        else
        {
            if (first.ExitCode != (int)ExitCode.Fenced && !(mayFindItHeld && first.ExitCode == (int)ExitCode.SourceUnfit)) Fail($"with a second node beside it the first ended with {first.ExitCode}: {Tail(first.Error)}");
            Remember();
            _node = second;
        }
        _isWanted = true;
    }

    /// <summary>The node is another's now: it is neither watched nor ended by this keeper.</summary>
    public SyncNodeProcess Release()
    {
        _isWanted = false;
        Measure();
        var node = Current;
        lock (_said) _said.Append(node.Error);
        _node = null;
        return node;
    }

    /// <summary>A node that nobody kept is kept from now on.</summary>
    public void Adopt(SyncNodeProcess node) => Keep(() => node, isWanted: true);

    /// <summary>Waits until the pipeline streams, whatever nodes come and go meanwhile.</summary>
    public Task UntilStreamingAsync(TimeSpan within) => Eventually.AsyncTrue(
        async () => _node is { HasExited: false } node && await StatusAsync(node) is { IsStreaming: true },
        within, "the pipeline streams", () => Tail(Said));

    /// <summary>Null where the node does not answer.</summary>
    public static async Task<NodeStatus?> StatusAsync(SyncNodeProcess node)
    {
        try
        {
            return await node.Api.StatusAsync(FaultWorld.Pipeline);
        }
        catch (Exception e) when (e is TaskCanceledException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isWanted = false;
        await _stop.CancelAsync();
        await _watching;
        if (_node is not null) await _node.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>The end of what was said, without the frames of stack traces.</summary>
    public static string Tail(string text)
    {
        var said = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)));
        return said.Length <= 6000 ? said : "…" + said[^6000..];
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!_stop.IsCancellationRequested)
        {
            Measure();
            if (_isWanted && _node is { } node && HasEnded(node) == true)
            {
                // a server that is away at the first reach ends the command: whoever started it starts it again
                if (node.ExitCode is (int)ExitCode.SourceUnavailable or (int)ExitCode.TargetUnavailable or (int)ExitCode.BrokerUnavailable) Start();
                else
                {
                    _isWanted = false;
                    Fail($"the node ended by itself with {node.ExitCode}: {Tail(node.Error)}");
                }
            }
            await timer.WaitForNextTickAsync();
        }
    }

    private void Keep(Func<SyncNodeProcess> launch, bool isWanted)
    {
        Remember();
        _node = launch();
        _isWanted = isWanted;
        if (_watching.IsCompleted) _watching = Task.Run(WatchAsync);
    }

    private void Measure() => PeakMemoryMb = Math.Max(PeakMemoryMb, _node is { } node && HasEnded(node) == false ? node.PeakMemoryMb() : 0);

    /// <summary>Null of one that was let go a moment ago: another takes its place.</summary>
    private static bool? HasEnded(SyncNodeProcess node)
    {
        try
        {
            return node.HasExited;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Fail(string what)
    {
        lock (_failures) _failures.Add(what);
    }

    private void Remember()
    {
        if (_node is not { } node) return;
        lock (_said) _said.Append(node.Error);
        // whoever watches must not look at a process that is let go
        _node = null;
        _ = node.DisposeAsync().AsTask();
    }
}
