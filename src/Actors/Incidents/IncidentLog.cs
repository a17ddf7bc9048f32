using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Incidents;

/// <summary>
/// Which events open, extend and close an incident, as a fold over them: pure. One lasts at a time; a graver one ends it and begins its own. Trouble of the same part that comes back within
/// <see cref="RelapseWithin"/> is the same incident: what flaps is one, not hundreds.
/// </summary>
/// <param name="Run">Names this life of the actor that keeps the log.</param>
/// <param name="Last">The one that lasts, or the last one that did.</param>
internal sealed record IncidentLog(string Pipeline, PipelineRole Role, string Run, Incident? Last = null)
{
    public static readonly TimeSpan RelapseWithin = TimeSpan.FromSeconds(30);

    /// <summary>Characters of a reason that are kept.</summary>
    public const int MaxReason = 1_000;

    private const string StandsBy = "another node goes on with the work, this one stands by";

    /// <summary>A moment as PostgreSQL keeps it.</summary>
    private const long TicksOfMicrosecond = 10;

    public Incident? Open => Last is { Ended: null } ? Last : null;

    /// <returns>The log after the event, and the incidents that are to be stored, each whole.</returns>
    public (IncidentLog Log, IReadOnlyList<Incident> Changed) After(IncidentEvent happened) => happened switch
    {
        Troubled troubled => OnTroubled(troubled),
        Recovered => Open is null or { Kind: IncidentKind.Paused } ? (this, []) : Now(End(Open, happened.At, OutcomeOf(Open))),
        LettersOpened letters => OnLetters(letters),
        Stopped stopped => Instead(happened.At, "the pipeline stopped: a person is needed",
            Begin(stopped.Class == FailureClass.Fenced ? IncidentKind.Fenced : IncidentKind.Failed, stopped.Part, stopped.Reason, happened.At)),
        Overtaken { IsSharing: true } overtaken => Open is { Kind: IncidentKind.Moved } ? (this, [])
            : Instead(happened.At, "the nodes shared the work anew", Begin(IncidentKind.Moved, "pipeline", overtaken.Reason, happened.At)),
        WentOn went => Open is { Kind: IncidentKind.Moved } moved ? Now(End(moved, happened.At, went.What))
            : went.IsFromOther && Open is null ? Now(End(Begin(IncidentKind.Moved, "pipeline", "the consumer group gave the work of another node to this one", happened.At), happened.At, went.What)) : (this, []),
        // the group says it, and then the graph
        Overtaken when Open is null && Last is { Kind: IncidentKind.Moved, Outcome: StandsBy } last && IsRelapse(last, happened.At) => (this, []),
        Overtaken overtaken => Instead(happened.At, "another node went on", End(Begin(IncidentKind.Moved, "pipeline", overtaken.Reason, happened.At), happened.At, StandsBy)),
        PausedByPerson paused => Instead(happened.At, "paused by a person", Begin(IncidentKind.Paused, "pipeline", paused.Reason ?? "paused", happened.At)),
        ResumedByPerson => Open switch
        {
            { Kind: IncidentKind.Paused } paused => Now(End(paused, happened.At, "resumed by a person")),
            { } open => Now(open with { Restarts = open.Restarts + 1 }),
            null => (this, []),
        },
        RestartedByPerson => Open is { } open ? Now(open with { Restarts = open.Restarts + 1 }) : (this, []),
        NodeStopped => Open is { Kind: IncidentKind.Outage or IncidentKind.Crash or IncidentKind.Moved } open ? Now(End(open, happened.At, "the node was stopped while it lasted")) : (this, []),
        // stored by whoever saw it begin
        Remembered remembered => (this with { Last = Begin(remembered.Kind, "pipeline", remembered.Reason, remembered.At) }, []),
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "not an event of the incident log"),
    };

    private (IncidentLog, IReadOnlyList<Incident>) OnTroubled(Troubled troubled)
    {
        // what is still being drained may fail: it is paused all the same
        if (Open is { Kind: IncidentKind.Paused }) return (this, []);
        if (Open is { Kind: IncidentKind.Moved } moved)
        {
            var ended = End(moved, troubled.At, "something else went wrong meanwhile");
            var (log, begun) = (this with { Last = ended }).OnTroubled(troubled);
            return (log, [ended, .. begun]);
        }
        var incident = Open;
        if (incident is null && Last is { Kind: IncidentKind.Outage or IncidentKind.Crash } last && last.Part == troubled.Part && IsRelapse(last, troubled.At))
            incident = last with { Ended = null, Outcome = null, Relapses = last.Relapses + 1 };
        incident ??= Begin(troubled.IsCrash ? IncidentKind.Crash : IncidentKind.Outage, troubled.Part, troubled.Reason, troubled.At);
        var reason = Shortened(troubled.Reason);
        return Now(incident with
        {
            Retries = incident.Retries + (troubled.Restarts ? 0 : 1),
            Restarts = incident.Restarts + (troubled.Restarts ? 1 : 0),
            CircuitOpenings = incident.CircuitOpenings + (troubled.OpensCircuit ? 1 : 0),
            LastReason = reason == incident.Reason ? null : reason,
        });
    }

    private (IncidentLog, IReadOnlyList<Incident>) OnLetters(LettersOpened letters)
    {
        if (letters.Count == 0) return (this, []);
        if (Open is { } open) return Now(open with { Letters = open.Letters + letters.Count });
        var refused = Last is { Kind: IncidentKind.Refused } last && IsRelapse(last, letters.At) ? last
            : Begin(IncidentKind.Refused, "target", "the graph refused rows; 'polysync dlq list' shows them and why", letters.At);
        return Now(End(refused with { Letters = refused.Letters + letters.Count }, letters.At, "they are dead letters, the rest is applied"));
    }

    private (IncidentLog, IReadOnlyList<Incident>) Now(Incident incident) => (this with { Last = incident }, [incident]);

    private (IncidentLog, IReadOnlyList<Incident>) Instead(DateTimeOffset at, string outcome, Incident next) =>
        (this with { Last = next }, Open is { } open ? [End(open, at, outcome), next] : [next]);

    private Incident Begin(IncidentKind kind, string part, string reason, DateTimeOffset at)
    {
        var began = ToMicrosecond(at);
        if (Last is { } last && last.Began == began) began = began.AddTicks(TicksOfMicrosecond);
        return new Incident(Pipeline, Role, kind, part, Shortened(reason), began) { Run = Run };
    }

    /// <summary>A clock that was set back ends nothing before it began.</summary>
    private static Incident End(Incident incident, DateTimeOffset at, string outcome) =>
        incident with { Ended = ToMicrosecond(at) is var ended && ended < incident.Began ? incident.Began : ended, Outcome = outcome };

    private static string OutcomeOf(Incident incident) => incident.Kind switch
    {
        IncidentKind.Failed or IncidentKind.Fenced => "started again, and it runs",
        IncidentKind.Crash => "it runs again",
        IncidentKind.Moved => "the work goes on",
        _ => "it went away",
    };

    private static bool IsRelapse(Incident last, DateTimeOffset at) => last.Ended is { } ended && at - ended < RelapseWithin;

    private static DateTimeOffset ToMicrosecond(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TicksOfMicrosecond), TimeSpan.Zero);

    private static string Shortened(string reason) => reason.Length <= MaxReason ? reason : reason[..(MaxReason - 1)] + "…";
}
