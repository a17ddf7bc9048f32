namespace Akka.TestKit;

/// <summary>Expects or mutes the chosen log entries.</summary>
public interface IEventFilterApplier
{
    /// <summary>Chooses more entries.</summary>
    EventFilterFactory And { get; }

    /// <summary>Runs the action and expects so many entries.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many entries within the time.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many entries.</summary>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects so many entries within the time.</summary>
    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one entry.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one entry within the time.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Runs the function and expects one entry.</summary>
    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one entry.</summary>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Runs the action and expects one entry within the time.</summary>
    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Keeps the entries from being printed until it is disposed of.</summary>
    IUnmutableFilter Mute();

    /// <summary>Keeps the entries from being printed while the action runs.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    /// <summary>Keeps the entries from being printed while the action runs.</summary>
    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);
}

/// <summary>Entries that are kept from being printed.</summary>
public interface IUnmutableFilter : IDisposable
{
    /// <summary>Prints them again.</summary>
    void Unmute();
}
