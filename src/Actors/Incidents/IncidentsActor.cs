using Akka.Actor;
using Akka.Event;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary><c>/user/incidents</c>: hears what pipelines and captures publish of their troubles; one child a pipeline stores it.</summary>
public sealed class IncidentsActor : ReceiveActor
{
    private static readonly TimeSpan StoreWithin = TimeSpan.FromSeconds(3);

    private readonly Func<PipelineSettings, IIncidentStore> _create;
    private readonly Dictionary<(string, PipelineRole), (IActorRef Actor, string Source)> _recorders = [];
    private int _moved;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public IncidentsActor(Func<PipelineSettings, IIncidentStore> create)
    {
        _create = create;
        Receive<IncidentsChanged>(changed => RecorderOf(changed.Settings, changed.Role).Forward(changed));
        Receive<WorkBegan>(began => RecorderOf(began.Settings, began.Role).Forward(began));
        Receive<StoreIncidents>(_ => StoreAllAsync([.. _recorders.Values.Select(r => r.Actor)]).PipeTo(Sender));
    }

    /// <param name="create">Makes a pipeline's store.</param>
    public static Props Props(Func<PipelineSettings, IIncidentStore> create) => Akka.Actor.Props.Create(() => new IncidentsActor(create));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(IncidentsChanged));
        Context.System.EventStream.Subscribe(Self, typeof(WorkBegan));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
    {
        _log.Error(exception, "The recorder of incidents {0} failed unexpectedly", Sender.Path.Name);
        return Directive.Restart;
    });

    private IActorRef RecorderOf(PipelineSettings settings, PipelineRole role)
    {
        var source = settings.Source.ConnectionString;
        if (_recorders.TryGetValue((settings.Name, role), out var known) && known.Source == source) return known.Actor;
        // a pipeline that was given another address: what waits for the old one goes with it
        if (known.Actor is not null) Context.Stop(known.Actor);
        var name = $"{settings.Name}-{role.ToString().ToLowerInvariant()}";
        // made anew should it be restarted: the old one is disposed by then
        var recorder = Context.ActorOf(IncidentRecorder.Props(() => _create(settings), settings.Name), known.Actor is null ? name : $"{name}-{++_moved}");
        _recorders[(settings.Name, role)] = (recorder, source);
        return recorder;
    }

    private static async Task<IncidentsStored> StoreAllAsync(IActorRef[] recorders)
    {
        try
        {
            await Task.WhenAll(recorders.Select(r => r.Ask<IncidentsStored>(StoreIncidents.Instance, StoreWithin)));
        }
        catch (AskTimeoutException)
        {
            // The database does not answer: what waited is lost with the node, and the next start closes what was left open.
        }
        return IncidentsStored.Instance;
    }
}
