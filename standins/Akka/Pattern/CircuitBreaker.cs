using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Stops calling what keeps failing. Closed: calls go through. Open, after so many failures in a row: calls fail at once. Half open,
/// after the reset timeout: one call may try; it decides.
/// </summary>
public class CircuitBreaker
{
    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    private readonly Lock _lock = new();
    private Action _onOpen;
    private Action _onClose;
    private Action _onHalfOpen;
    private State _state;
    private bool _trying;
    private TimeSpan _currentReset;
    private TimeSpan _openedAt;
    private long _failures;

    /// <summary>Opens after so many failures in a row; a call that takes longer than the timeout is a failure.</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, TimeSpan.FromDays(36500), 1.0, 0.0)
    {
    }

    /// <summary>With a reset timeout that grows by the factor each time it opens again, up to a maximum.</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout, double exponentialBackoffFactor)
        : this(scheduler, maxFailures, callTimeout, resetTimeout, maxResetTimeout, exponentialBackoffFactor, 0.0)
    {
    }

    /// <summary>With a reset timeout that grows, and is lengthened at random by up to that part of itself.</summary>
    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout, TimeSpan maxResetTimeout, double exponentialBackoffFactor, double randomFactor)
    {
        if (exponentialBackoffFactor < 1.0)
            throw new ArgumentException("factor must be >= 1.0", nameof(exponentialBackoffFactor));
        if (randomFactor is < 0.0 or > 1.0)
            throw new ArgumentException("randomFactor must be between 0.0 and 1.0", nameof(randomFactor));
        Scheduler = scheduler;
        MaxFailures = maxFailures;
        CallTimeout = callTimeout;
        ResetTimeout = resetTimeout;
        MaxResetTimeout = maxResetTimeout;
        ExponentialBackoffFactor = exponentialBackoffFactor;
        RandomFactor = randomFactor;
        _currentReset = resetTimeout;
    }

    /// <summary>How long a call may take.</summary>
    public TimeSpan CallTimeout { get; }

    /// <summary>How many calls failed in a row.</summary>
    public long CurrentFailureCount => Interlocked.Read(ref _failures);

    /// <summary>By how much the reset timeout grows.</summary>
    public double ExponentialBackoffFactor { get; }

    /// <summary>Whether calls go through.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>Whether one call may try.</summary>
    public bool IsHalfOpen => _state == State.HalfOpen;

    /// <summary>Whether calls fail at once.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>The last failure, or null.</summary>
    public Exception LastCaughtException { get; private set; }

    /// <summary>After how many failures it opens.</summary>
    public int MaxFailures { get; }

    /// <summary>The longest reset timeout.</summary>
    public TimeSpan MaxResetTimeout { get; }

    /// <summary>By which part the reset timeout is lengthened at random.</summary>
    public double RandomFactor { get; }

    /// <summary>How long it stays open at first.</summary>
    public TimeSpan ResetTimeout { get; }

    /// <summary>The scheduler.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>One without backoff.</summary>
    public static CircuitBreaker Create(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    /// <summary>One whose reset timeout doubles.</summary>
    public CircuitBreaker WithExponentialBackoff(TimeSpan maxResetTimeout) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, maxResetTimeout, 2.0, RandomFactor);

    /// <summary>One whose reset timeout is lengthened at random.</summary>
    public CircuitBreaker WithRandomFactor(double randomFactor) =>
        new(Scheduler, MaxFailures, CallTimeout, ResetTimeout, MaxResetTimeout, ExponentialBackoffFactor, randomFactor);

    /// <summary>Runs a callback each time it opens.</summary>
    public CircuitBreaker OnOpen(Action callback)
    {
        _onOpen += callback;
        return this;
    }

    /// <summary>Runs a callback each time it closes.</summary>
    public CircuitBreaker OnClose(Action callback)
    {
        _onClose += callback;
        return this;
    }

    /// <summary>Runs a callback each time it opens by half.</summary>
    public CircuitBreaker OnHalfOpen(Action callback)
    {
        _onHalfOpen += callback;
        return this;
    }

    /// <summary>Calls through the breaker.</summary>
    /// <exception cref="OpenCircuitException">The breaker is open (in the task).</exception>
    public async Task<T> WithCircuitBreaker<T>(Func<Task<T>> body)
    {
        Enter();
        try
        {
            var result = await Task.Run(body).WaitAsync(CallTimeout).ConfigureAwait(false);
            Succeeded();
            return result;
        }
        catch (Exception cause)
        {
            Failed(cause);
            throw;
        }
    }

    /// <summary>Calls through the breaker.</summary>
    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, Task<T>> body) => WithCircuitBreaker(() => body(state));

    /// <summary>Calls through the breaker.</summary>
    public Task WithCircuitBreaker(Func<Task> body) => WithCircuitBreaker(async () =>
    {
        await body().ConfigureAwait(false);
        return Done.Instance;
    });

    /// <summary>Calls through the breaker.</summary>
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, Task> body) => WithCircuitBreaker(() => body(state));

    /// <summary>Calls through the breaker and waits.</summary>
    public void WithSyncCircuitBreaker(Action body) => WithCircuitBreaker(() => Task.Run(body)).GetAwaiter().GetResult();

    /// <summary>Calls through the breaker and waits.</summary>
    public T WithSyncCircuitBreaker<T>(Func<T> body) => WithCircuitBreaker(() => Task.Run(body)).GetAwaiter().GetResult();

    /// <summary>Counts a success of a call made elsewhere.</summary>
    public void Succeed() => Succeeded();

    /// <summary>Counts a failure of a call made elsewhere.</summary>
    public void Fail() => Failed(new UserCalledFailException());

    private void Enter()
    {
        lock (_lock)
        {
            if (_state == State.Closed)
                return;
            if (_state == State.HalfOpen && !_trying)
            {
                _trying = true;
                return;
            }
            var left = _state == State.Open ? _openedAt + _currentReset - Scheduler.MonotonicClock : TimeSpan.Zero;
            throw new OpenCircuitException("Circuit Breaker is open; calls are failing fast", LastCaughtException, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void Succeeded()
    {
        lock (_lock)
        {
            _failures = 0;
            _trying = false;
            if (_state != State.HalfOpen)
                return;
            _state = State.Closed;
            _currentReset = ResetTimeout;
        }
        _onClose?.Invoke();
    }

    private void Failed(Exception cause)
    {
        TimeSpan reset;
        lock (_lock)
        {
            LastCaughtException = cause;
            _trying = false;
            if (_state == State.Open || (_state == State.Closed && ++_failures < MaxFailures))
                return;
            if (_state == State.HalfOpen)
                _currentReset = TimeSpan.FromTicks((long)Math.Min(_currentReset.Ticks * ExponentialBackoffFactor, MaxResetTimeout.Ticks));
            _state = State.Open;
            _openedAt = Scheduler.MonotonicClock;
            reset = _currentReset * (1.0 + (Random.Shared.NextDouble() * RandomFactor));
        }
        _onOpen?.Invoke();
        Scheduler.Advanced.ScheduleOnce(reset, HalfOpen);
    }

    private void HalfOpen()
    {
        lock (_lock)
        {
            if (_state != State.Open)
                return;
            _state = State.HalfOpen;
        }
        _onHalfOpen?.Invoke();
    }
}
