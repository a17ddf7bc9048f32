using Akka.Event;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>The incident log of one pipeline or capture in the hands of its actor: folds what happens and publishes what is to be stored. Costs a message where something is wrong, nothing else.</summary>
internal sealed class IncidentReporter(PipelineSettings settings, PipelineRole role, TimeProvider clock, EventStream stream)
{
    private IncidentLog _log = new(settings.Name, role, Guid.NewGuid().ToString("N"));
    private bool _hasBegun;

    /// <summary>The one that lasts, for the status.</summary>
    public OpenIncident? Open => OpenIncident.Of(_log.Open);

    public DateTimeOffset Now => clock.GetUtcNow();

    public void Note(IncidentEvent happened)
    {
        (_log, var changed) = _log.After(happened);
        if (changed.Count > 0) stream.Publish(new IncidentsChanged(settings, role, changed));
    }

    /// <summary>It works; the first time of this process that ends what an earlier one left open.</summary>
    /// <param name="isShared">Other nodes may be at work on the same pipeline.</param>
    public void Begin(bool isShared)
    {
        if (_log.Open is not null) Note(new Recovered(Now));
        if (_hasBegun) return;
        _hasBegun = true;
        stream.Publish(new WorkBegan(settings, role, _log.Run, Now, isShared));
    }
}
