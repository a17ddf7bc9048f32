using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Ends a system in phases. The tasks of a phase run side by side, within its time; phases follow each other as the settings say.</summary>
public sealed class CoordinatedShutdown : IExtension
{
    /// <summary>Before new work is refused.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>New work is refused.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Work at hand is finished.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Services stop.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before the cluster is left.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>The shards move away.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>The cluster is left.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Singletons move away.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>The exit is complete.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>The cluster extension stops.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>Before the actors stop.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actors stop.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<(string Name, Func<Task<Done>> Task)>> _tasks = new();
    private readonly ShutdownPhases _phases;
    private readonly ILoggingAdapter _log;
    private readonly Lock _lock = new();
    private Task<Done> _run;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        System = system;
        _log = Logging.GetLogger(system, nameof(CoordinatedShutdown));
        _phases = new ShutdownPhases(system.Settings.Config.GetConfig("akka.coordinated-shutdown"));
    }

    /// <summary>Why it runs, or null while it does not.</summary>
    public Reason ShutdownReason { get; private set; }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>The times of all phases together.</summary>
    public TimeSpan TotalTimeout => _phases.InOrder.Aggregate(TimeSpan.Zero, (sum, phase) => sum + phase.Timeout);

    /// <summary>The coordinated shutdown of that system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>Adds a task to a phase.</summary>
    /// <exception cref="ConfigurationException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        if (!_phases.Knows(phase))
            throw new ConfigurationException($"Unknown phase [{phase}], known phases [{string.Join(", ", _phases.InOrder.Select(known => known.Name))}]. All phases (along with their optional dependencies) must be defined in configuration.");
        if (string.IsNullOrEmpty(taskName))
            throw new ArgumentException("A task needs a name.", nameof(taskName));
        _tasks.GetOrAdd(phase, _ => new ConcurrentQueue<(string, Func<Task<Done>>)>()).Enqueue((taskName, task));
    }

    /// <summary>How long a phase may take.</summary>
    public TimeSpan Timeout(string phase) => _phases.InOrder.FirstOrDefault(known => known.Name == phase)?.Timeout
        ?? throw new ArgumentException($"Unknown phase [{phase}].", nameof(phase));

    /// <summary>Runs all phases, or those from one on. A second call returns the first run.</summary>
    public Task<Done> Run(Reason reason, string fromPhase = null)
    {
        lock (_lock)
        {
            if (_run != null)
                return _run;
            ShutdownReason = reason;
            var phases = _phases.InOrder.SkipWhile(phase => fromPhase != null && phase.Name != fromPhase).ToArray();
            return _run = Task.Run(() => RunPhases(phases));
        }
    }

    private async Task<Done> RunPhases(IReadOnlyList<ShutdownPhase> phases)
    {
        foreach (var phase in phases)
        {
            if (phase.Enabled)
                await RunPhase(phase).ConfigureAwait(false);
        }
        return Done.Instance;
    }

    private async Task RunPhase(ShutdownPhase phase)
    {
        var tasks = _tasks.TryGetValue(phase.Name, out var known) ? known.ToList() : [];
        if (phase.Name == PhaseActorSystemTerminate && System.Settings.CoordinatedShutdownTerminateActorSystem)
            tasks.Add(("terminate-system", TerminateSystem));
        var running = Task.WhenAll(tasks.Select(task => Attempt(phase, task.Name, task.Task)));
        try
        {
            await running.WaitAsync(phase.Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException) when (phase.Recover)
        {
            _log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", phase.Name, phase.Timeout);
        }
    }

    private async Task Attempt(ShutdownPhase phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await Task.Run(task).ConfigureAwait(false);
        }
        catch (Exception failed) when (phase.Recover)
        {
            _log.Warning("Task [{0}] failed in phase [{1}]: {2}", name, phase.Name, failed.Message);
        }
    }

    private async Task<Done> TerminateSystem()
    {
        await ((ActorSystemImpl)System).StopGuardians().ConfigureAwait(false);
        if (System.Settings.Config.GetBoolean("akka.coordinated-shutdown.exit-clr"))
            Environment.Exit(0);
        return Done.Instance;
    }

    /// <summary>Why a system ends.</summary>
    public class Reason
    {
        /// <summary>A reason of one's own.</summary>
        protected Reason()
        {
        }
    }

    /// <summary>No reason is known.</summary>
    public class UnknownReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>Terminate was called.</summary>
    public class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process ends.</summary>
    public class ClrExitReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }

    /// <summary>The node leaves the cluster.</summary>
    public class ClusterLeavingReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClusterLeavingReason();

        private ClusterLeavingReason()
        {
        }
    }
}

/// <summary>The id of <see cref="CoordinatedShutdown"/>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    /// <inheritdoc />
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        var shutdown = new CoordinatedShutdown((ActorSystemImpl)system);
        if (system.Settings.Config.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook"))
        {
            EventHandler atExit = (_, _) => shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).Wait(shutdown.TotalTimeout);
            AppDomain.CurrentDomain.ProcessExit += atExit;
            system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= atExit);
        }
        return shutdown;
    }
}

/// <summary>A phase of the settings.</summary>
internal sealed record ShutdownPhase(string Name, TimeSpan Timeout, bool Recover, bool Enabled, IReadOnlyList<string> DependsOn);

/// <summary>The phases of the settings in an order that follows their dependencies.</summary>
internal sealed class ShutdownPhases
{
    private readonly Dictionary<string, ShutdownPhase> _byName = [];

    internal ShutdownPhases(Config config)
    {
        var normal = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5));
        foreach (var (name, value) in config.GetConfig("phases").AsEnumerable())
        {
            var phase = value.ToConfig();
            _byName[name] = new ShutdownPhase(
                name, phase.GetTimeSpan("timeout", normal), phase.GetBoolean("recover", true), phase.GetBoolean("enabled", true), [.. phase.GetStringList("depends-on")]);
        }
        var open = new HashSet<string>();
        foreach (var name in _byName.Keys.Order(StringComparer.Ordinal))
            Visit(name, open);
    }

    internal List<ShutdownPhase> InOrder { get; } = [];

    internal bool Knows(string phase) => InOrder.Any(known => known.Name == phase);

    private void Visit(string name, HashSet<string> open)
    {
        if (Knows(name))
            return;
        if (!open.Add(name))
            throw new ArgumentException($"Cycle detected in graph of phases. It must be a DAG. phase [{name}] depends transitively on itself.");
        var phase = _byName.TryGetValue(name, out var known) ? known : new ShutdownPhase(name, TimeSpan.FromSeconds(5), true, true, []);
        foreach (var dependency in phase.DependsOn)
            Visit(dependency, open);
        InOrder.Add(phase);
    }
}
