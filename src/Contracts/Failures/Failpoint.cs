using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PolyglotSync.Contracts;

/// <summary>
/// Named places at which a test of recovery has the process end, stand still, or see its wall clock jump: POLYSYNC_FAILPOINT=<c>name@n[:action]</c> when the place is
/// reached for the n-th time. Where none is armed, a place costs the read of one static field.
/// </summary>
public static partial class Failpoint
{
    public const string Variable = "POLYSYNC_FAILPOINT";

    /// <summary>Before the replication slot is made.</summary>
    public const string BeforeSlot = "slot.before-create";
    /// <summary>Source and target are prepared, the slot was found free; the pipeline is not claimed yet.</summary>
    public const string BeforeClaim = "launch.before-claim";
    /// <summary>A copy chunk is read and stands between its markers; nothing of it is written.</summary>
    public const string ChunkRead = "copy.chunk-read";
    /// <summary>Rows of a copy chunk go to the graph, with the copy's state.</summary>
    public const string BeforeChunkRecorded = "copy.before-record";
    /// <summary>The graph holds a copy chunk and the copy's state.</summary>
    public const string AfterChunkRecorded = "copy.after-record";
    /// <summary>Decoded changes are about to be given to the entities.</summary>
    public const string BeforeEntities = "entity.before-route";
    /// <summary>Everything is written but the commit (FalkorDB: but the position).</summary>
    public const string BeforeCommit = "graph.before-commit";
    /// <summary>The graph has committed; nobody in the node knows.</summary>
    public const string AfterCommit = "graph.after-commit";
    /// <summary>What the graph holds is about to be acknowledged to the slot.</summary>
    public const string BeforeAcknowledge = "slot.before-acknowledge";
    /// <summary>Changes were handed to the broker's client; nothing of them is acknowledged.</summary>
    public const string AfterProduce = "capture.after-produce";
    /// <summary>The broker has acknowledged all changes before a cut; the cut is not published.</summary>
    public const string BeforeCut = "capture.before-cut";
    /// <summary>The cut is published; the slot has not heard of it.</summary>
    public const string AfterCut = "capture.after-cut";
    /// <summary>The consumer group has dealt the cuts out anew: to this node, or away from it.</summary>
    public const string InRebalance = "reader.in-rebalance";
    /// <summary>A cut in the topics is known; nothing of what leads there is read.</summary>
    public const string BeforeCutRead = "reader.before-cut";
    /// <summary>All that leads to a cut in the topics is read and given on.</summary>
    public const string AfterCutRead = "reader.after-cut";
    /// <summary>A message that cannot be read is taken apart for its dead letter.</summary>
    public const string Refusing = "reader.refusing";
    /// <summary>The node was asked to stop and drains.</summary>
    public const string Stopping = "stop.draining";

    private static readonly JumpingClock JumpingTime = new();
    private static Armed? _armed;

    /// <summary>Those on the way of a change into the graph.</summary>
    public static IReadOnlyList<string> DirectNames { get; } =
        [BeforeSlot, BeforeClaim, ChunkRead, BeforeChunkRecorded, AfterChunkRecorded, BeforeEntities, BeforeCommit, AfterCommit, BeforeAcknowledge, Stopping];

    /// <summary>Those of a capture into Kafka alone.</summary>
    public static IReadOnlyList<string> CaptureNames { get; } = [AfterProduce, BeforeCut, AfterCut];

    /// <summary>Those of reading Kafka's topics alone.</summary>
    public static IReadOnlyList<string> ReaderNames { get; } = [InRebalance, BeforeCutRead, AfterCutRead, Refusing];

    public static IReadOnlyList<string> Names { get; } = [.. DirectNames, .. CaptureNames, .. ReaderNames];

    /// <summary>The node's clock: the system's, but for a jump that a failpoint made. Timestamps never jump.</summary>
    public static TimeProvider Clock => JumpingTime;

    /// <summary>Reads the variable's text; null or empty arms none.</summary>
    /// <exception cref="PipelineFailure">Fatal, <see cref="ExitCode.Usage"/>: what is wrong with the text.</exception>
    public static void Arm(string? text)
    {
        _armed = string.IsNullOrEmpty(text) ? null : Parse(text);
    }

    /// <summary>The process is at the place.</summary>
    public static void Reach(string name)
    {
        if (_armed is { } armed && armed.Name == name) armed.Count();
    }

    private static Armed Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = text[..(at >= 0 ? at : colon >= 0 ? colon : text.Length)];
        if (!Names.Contains(name)) throw Wrong(text, $"there is no place '{name}'; there are {string.Join(", ", Names)}");
        var count = 1;
        if (at >= 0 && (!int.TryParse(text[(at + 1)..(colon >= 0 ? colon : text.Length)], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1))
            throw Wrong(text, "after '@' comes the number of the visit, from 1 on");
        return new Armed(name, count, Action(text, colon < 0 ? "kill" : text[(colon + 1)..]));
    }

    private static Action Action(string text, string action)
    {
        if (action == "kill") return Process.GetCurrentProcess().Kill;
        if (action == "stop") return () => _ = Kill(Environment.ProcessId, StopSignal);
        if (action.StartsWith("clock", StringComparison.Ordinal)
            && int.TryParse(action[5..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)) return () => JumpingTime.Jump(TimeSpan.FromSeconds(seconds));
        throw Wrong(text, $"there is no action '{action}'; there are kill, stop, and clock+SECONDS or clock-SECONDS");
    }

    private static PipelineFailure Wrong(string text, string what) =>
        new(FailureClass.Fatal, $"{Variable}={text}: {what}; such as {BeforeCommit}@3:kill") { ExitCode = ExitCode.Usage };

    private const int StopSignal = 19;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private sealed class Armed(string name, int visit, Action action)
    {
        private int _visits;

        public string Name => name;

        public void Count()
        {
            if (Interlocked.Increment(ref _visits) != visit) return;
            Console.Error.WriteLine($"polysync: failpoint {name} is reached for the {visit}. time");
            action();
        }
    }

    private sealed class JumpingClock : TimeProvider
    {
        private long _jump;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _jump));

        public void Jump(TimeSpan by) => Interlocked.Exchange(ref _jump, by.Ticks);
    }
}
