using Akka.Actor;
using Akka.Pattern;
using PolyglotSync.Contracts;
using Backoff = PolyglotSync.Actors.Measures.Backoff;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// When writes that failed for the moment are tried again: each after a delay that doubles, with jitter, until several failed in a row; then the circuit opens and nothing is
/// written until a single write, tried after ever longer pauses, gets through. Without end.
/// </summary>
internal sealed class TargetCircuit
{
    private readonly CircuitBreaker _breaker;
    private readonly Backoff _backoff;
    private readonly Queue<WriteSet> _waiting = new();
    private bool _probing;
    private bool _failing;

    /// <param name="onHalfOpen">Called from any thread when one write may be tried.</param>
    public TargetCircuit(IScheduler scheduler, LimitSettings limits, Action onHalfOpen)
    {
        var (min, max) = (TimeSpan.FromMilliseconds(limits.RetryMinBackoffMs), TimeSpan.FromMilliseconds(limits.RetryMaxBackoffMs));
        _backoff = new Backoff(min, max);
        // Calls are told to the breaker as they end, not made through it: the target bounds them itself, so the call timeout never counts.
        _breaker = new CircuitBreaker(scheduler, limits.CircuitFailures, callTimeout: max,
            resetTimeout: Backoff.Step(min, max, limits.CircuitFailures), maxResetTimeout: max, exponentialBackoffFactor: 2.0, randomFactor: 0.2)
            .OnHalfOpen(onHalfOpen);
    }

    /// <summary>True while writes that are waiting are tried one at a time.</summary>
    public bool IsOpen => !_breaker.IsClosed;

    /// <summary>The set failed and waits.</summary>
    /// <returns>After how long to ask for what is <see cref="Due"/>; null where the half-open circuit will call.</returns>
    public TimeSpan? Fail(WriteSet set)
    {
        _waiting.Enqueue(set);
        _failing = true;
        _probing = false;
        _breaker.Fail();
        return _breaker.IsClosed ? _backoff.Next() : null;
    }

    /// <summary>A write got through.</summary>
    /// <returns>True where writes had failed, and none waits any more.</returns>
    public bool Succeed()
    {
        _probing = false;
        _breaker.Succeed();
        if (!_failing) return false;
        if (_breaker.IsClosed) _backoff.Reset();
        if (_waiting.Count > 0) return false;
        _failing = false;
        return true;
    }

    /// <summary>Those of the waiting sets that may be tried now: all, one, or none.</summary>
    public IReadOnlyList<WriteSet> Due()
    {
        if (_waiting.Count == 0) return [];
        if (_breaker.IsClosed)
        {
            var all = _waiting.ToArray();
            _waiting.Clear();
            return all;
        }
        if (!_breaker.IsHalfOpen || _probing) return [];
        _probing = true;
        return [_waiting.Dequeue()];
    }
}
