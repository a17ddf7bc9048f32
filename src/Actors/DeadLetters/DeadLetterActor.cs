using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.DeadLetters;

/// <summary>To <see cref="DeadLetterActor"/>: a person asked for a retry.</summary>
internal sealed record LookForRetries
{
    public static readonly LookForRetries Instance = new();
}

/// <summary>
/// Has the rows of dead letters come once more through the stream, where a person asked for it. What waits is in the store, so a retry outlives a restart in the middle: the row is asked for
/// when the run begins, and again, at growing pauses, until the writers have answered for it. Asked for twice is the same as once.
/// </summary>
public sealed class DeadLetterActor : ReceiveActor, IWithTimers
{
    private readonly string _pipeline;
    private readonly IChangeSource _source;
    private readonly IDeadLetterStore _letters;
    private readonly Backoff _pause = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private bool _isAsking;
    private bool _isWanted;

    public DeadLetterActor(string pipeline, IChangeSource source, IDeadLetterStore letters)
    {
        (_pipeline, _source, _letters) = (pipeline, source, letters);
        Receive<LookForRetries>(_ =>
        {
            _pause.Reset();
            Ask();
        });
        Receive<AskAgain>(_ => Ask());
        Receive<Asked>(OnAsked);
        Receive<Status.Failure>(OnFailed);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string pipeline, IChangeSource source, IDeadLetterStore letters) =>
        Akka.Actor.Props.Create(() => new DeadLetterActor(pipeline, source, letters));

    protected override void PreStart() => Self.Tell(LookForRetries.Instance);

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Ask()
    {
        _isWanted = _isAsking;
        if (_isAsking) return;
        _isAsking = true;
        AskAsync(_stopping.Token).PipeTo(Self);
    }

    private async Task<Asked> AskAsync(CancellationToken cancellationToken)
    {
        var rows = await _letters.RetriedAsync(_pipeline, cancellationToken);
        if (rows.Count > 0) await _source.RefreshAsync(rows, cancellationToken);
        return new Asked(rows.Count);
    }

    private void OnAsked(Asked asked)
    {
        _isAsking = false;
        if (asked.Rows == 0) Timers.Cancel(AskAgain.Instance);
        else
        {
            _log.Info("Pipeline {0}: {1} rows with dead letters are read again", _pipeline, asked.Rows);
            Timers.StartSingleTimer(AskAgain.Instance, AskAgain.Instance, _pause.Next());
        }
        if (_isWanted) Ask();
    }

    private void OnFailed(Status.Failure failed)
    {
        _isAsking = false;
        var pause = _pause.Next();
        _log.Warning("Pipeline {0}: dead letters cannot be retried at the moment: {1}; trying again in {2} s", _pipeline, failed.Cause.GetBaseException().Message, (int)pause.TotalSeconds);
        Timers.StartSingleTimer(AskAgain.Instance, AskAgain.Instance, pause);
    }

    private sealed record AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed record Asked(int Rows);
}
