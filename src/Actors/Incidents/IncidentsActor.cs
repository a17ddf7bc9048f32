using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary><c>/user/incidents</c>: hears what pipelines and captures publish of their troubles; one child a pipeline stores it.</summary>
public sealed class IncidentsActor : ReceiveActor
{
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(3);

    private readonly Func<PipelineSettings, IIncidentStore> _create;
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string, PipelineRole), (IActorRef Actor, string Source)> _recorders = [];
    private int _made;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public IncidentsActor(Func<PipelineSettings, IIncidentStore> create, TimeProvider clock)
    {
        (_create, _clock) = (create, clock);
        Receive<IncidentsChanged>(changed => RecorderOf(changed.Settings, changed.Role).Forward(changed));
        Receive<WorkBegan>(began => RecorderOf(began.Settings, began.Role).Forward(began));
        Receive<Terminated>(OnGone);
        Receive<StoreIncidents>(_ => StoreAllAsync([.. _recorders.Values.Select(r => r.Actor)]).PipeTo(Sender));
    }

    /// <param name="create">Makes a pipeline's store.</param>
    public static Props Props(Func<PipelineSettings, IIncidentStore> create, TimeProvider clock) => Akka.Actor.Props.Create(() => new IncidentsActor(create, clock));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(IncidentsChanged));
        Context.System.EventStream.Subscribe(Self, typeof(WorkBegan));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        _log.Error(exception, "The recorder of incidents {0} failed unexpectedly", Sender.Path.Name);
        // one that cannot be made is made anew with the next incident, not at once and for ever
        return exception is ActorInitializationException ? Directive.Stop : Directive.Restart;
    });

    private IActorRef RecorderOf(PipelineSettings settings, PipelineRole role)
    {
        var source = settings.Source.ConnectionString;
        if (_recorders.TryGetValue((settings.Name, role), out var known) && known.Source == source) return known.Actor;
        // a pipeline that was given another address: what waits for the old one goes with it
        if (known.Actor is not null) Context.Stop(known.Actor);
        var name = $"{settings.Name}-{role.ToString().ToLowerInvariant()}";
        // made anew should it be restarted: the old one is disposed by then
        var recorder = Context.Watch(Context.ActorOf(IncidentRecorder.Props(() => _create(settings), settings.Name, _clock), $"{name}-{++_made}"));
        _recorders[(settings.Name, role)] = (recorder, source);
        return recorder;
    }

    private void OnGone(Terminated gone)
    {
        foreach (var (key, known) in _recorders)
            if (known.Actor.Equals(gone.ActorRef)) _recorders.Remove(key);
    }

    /// <summary>Where the database does not answer in time, what waited is lost with the node, and the next start closes what was left open.</summary>
    private async Task<IncidentsStored> StoreAllAsync(IActorRef[] recorders)
    {
        await Task.WhenAll(recorders.Select(r => r.AskWithinAsync<IncidentsStored>(StoreIncidents.Instance, StoreWithin, _clock)));
        return IncidentsStored.Instance;
    }
}
