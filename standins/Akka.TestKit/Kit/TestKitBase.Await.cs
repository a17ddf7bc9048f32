namespace Akka.TestKit;

/// <summary>Waiting for conditions, and limits of time around a part of a test.</summary>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the assertion throws no more; at the end its exception is the result.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = default, TimeSpan? interval = default, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(assertion, duration, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until the assertion throws no more; at the end its exception is the result.</summary>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = default, TimeSpan? interval = default, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration, interval, cancellationToken);

    /// <summary>Waits until the assertion throws no more; at the end its exception is the result.</summary>
    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = default, TimeSpan? interval = default, CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                await assertion().ConfigureAwait(false);
                return;
            }
            catch (Exception) when (Now + (interval ?? DefaultInterval) < end)
            {
                await Task.Delay(interval ?? DefaultInterval, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, null, message, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public async Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string message = null, CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        if (!await Poll(conditionIsFulfilled, limit, interval, cancellationToken).ConfigureAwait(false))
            _assertions.Fail($"Timeout {limit} expired while waiting for condition. {message}");
    }

    /// <summary>Waits until the condition holds; false when it does not in time.</summary>
    public bool AwaitConditionNoThrow(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = default, CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(conditionIsFulfilled, max, interval, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until the condition holds; false when it does not in time.</summary>
    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = default, CancellationToken cancellationToken = default) =>
        Poll(() => Task.FromResult(conditionIsFulfilled()), Dilated(max), interval, cancellationToken);

    /// <summary>Fails when the action takes longer.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Fails when the action takes longer or shorter.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string hint = null, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default) =>
        Within(
            min, max,
            () =>
            {
                action();
                return Done.Instance;
            },
            hint, epsilonValue, cancellationToken);

    /// <summary>Fails when the function takes longer.</summary>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>Fails when the function takes longer or shorter.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string hint = null, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default)
    {
        var (start, outer, limit) = Enter(max);
        try
        {
            var result = function();
            Check(start, min, limit, hint, epsilonValue);
            return result;
        }
        finally
        {
            _end = outer;
        }
    }

    /// <summary>Fails when the action takes longer.</summary>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <summary>Fails when the action takes longer or shorter.</summary>
    public async Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string hint = null, TimeSpan? epsilonValue = default, CancellationToken cancellationToken = default)
    {
        var (start, outer, limit) = Enter(max);
        try
        {
            await actionAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            Check(start, min, limit, hint, epsilonValue);
        }
        finally
        {
            _end = outer;
        }
    }

    private (TimeSpan Start, TimeSpan? Outer, TimeSpan Limit) Enter(TimeSpan max)
    {
        var start = Now;
        var outer = _end;
        var limit = Dilated(max);
        if (outer is { } end && end - start < limit)
            limit = end - start;
        _end = start + limit;
        return (start, outer, limit);
    }

    private void Check(TimeSpan start, TimeSpan min, TimeSpan limit, string hint, TimeSpan? epsilon)
    {
        var took = Now - start;
        if (took < min)
            _assertions.Fail($"Failed: Block took {took}, should have at least been {min}. {hint}");
        // A block that ended by expecting no message has used its time up; that is no mistake.
        if (!_expectsNothingLast && took > limit + (epsilon ?? TimeSpan.Zero))
            _assertions.Fail($"Failed: Block took {took}, exceeding {limit}. {hint}");
    }

    private static async Task<bool> Poll(Func<Task<bool>> condition, TimeSpan limit, TimeSpan? interval, CancellationToken token)
    {
        var end = Now + limit;
        while (!await condition().ConfigureAwait(false))
        {
            if (Now >= end)
                return false;
            await Task.Delay(interval ?? TimeSpan.FromMilliseconds(10), token).ConfigureAwait(false);
        }
        return true;
    }
}
