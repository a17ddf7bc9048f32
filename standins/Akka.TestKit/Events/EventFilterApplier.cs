using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Puts filters into the logger of the system for a while.</summary>
internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogFilter> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    private TimeSpan Leeway => testkit.TestKitSettings.TestEventFilterLeeway;

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) => Expect(expectedCount, Leeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        var before = Count;
        action();
        Await(before + expectedCount, expectedCount, timeout, cancellationToken).GetAwaiter().GetResult();
    }

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        var before = Count;
        await action().ConfigureAwait(false);
        await Await(before + expectedCount, expectedCount, timeout, cancellationToken).ConfigureAwait(false);
    }

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        T result = default;
        Expect(1, () => { result = func(); }, cancellationToken);
        return result;
    }

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new MuteFilters(filters));
        return new Muted(system, filters);
    }

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        action();
    }

    public async Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        await action().ConfigureAwait(false);
    }

    private int Count => filters.Sum(filter => filter.Count);

    private async Task Await(int target, int expected, TimeSpan timeout, CancellationToken token)
    {
        var limit = testkit.Dilated(timeout);
        var arrived = await testkit.AwaitConditionNoThrowAsync(() => Count >= target, timeout, cancellationToken: token).ConfigureAwait(false);
        var missing = target - Count;
        if (!arrived)
            testkit.AssertionsInternal.Fail($"Timeout ({limit}) while waiting for {expected} entries: {missing} did not come, of [{string.Join(", ", filters)}]");
        else if (missing < 0)
            testkit.AssertionsInternal.Fail($"Received {-missing} entries too many, of [{string.Join(", ", filters)}]; {expected} expected.");
    }

    private sealed class Muted(ActorSystem system, IReadOnlyList<LogFilter> filters) : IUnmutableFilter
    {
        public void Unmute() => system.EventStream.Publish(new UnmuteFilters(filters));

        public void Dispose() => Unmute();
    }
}

internal sealed record MuteFilters(IReadOnlyList<LogFilter> Filters) : INoSerializationVerificationNeeded;

internal sealed record UnmuteFilters(IReadOnlyList<LogFilter> Filters) : INoSerializationVerificationNeeded;
