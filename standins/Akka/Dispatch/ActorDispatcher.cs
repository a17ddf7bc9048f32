using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>Gives mailboxes a thread: the pool of .NET, or threads of its own.</summary>
internal sealed class ActorDispatcher : IDisposable
{
    private readonly BlockingCollection<IThreadPoolWorkItem> _own;

    internal ActorDispatcher(string id, int throughput, int ownThreads)
    {
        Id = id;
        Throughput = Math.Max(1, throughput);
        if (ownThreads <= 0)
            return;
        _own = new BlockingCollection<IThreadPoolWorkItem>();
        for (var i = 0; i < ownThreads; i++)
            new Thread(Work) { IsBackground = true, Name = $"{id}-{i}" }.Start();
    }

    internal string Id { get; }

    /// <summary>How many messages an actor may handle before others get their turn.</summary>
    internal int Throughput { get; }

    internal void Schedule(IThreadPoolWorkItem mailbox)
    {
        if (_own == null || _own.IsAddingCompleted)
            ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: false);
        else
            _own.Add(mailbox);
    }

    public void Dispose() => _own?.CompleteAdding();

    private void Work()
    {
        foreach (var mailbox in _own.GetConsumingEnumerable())
            mailbox.Execute();
    }
}

/// <summary>The dispatchers of a system, by the path of their settings.</summary>
internal sealed class ActorDispatchers(Config config) : IDisposable
{
    internal const string DefaultId = "akka.actor.default-dispatcher";
    internal const string InternalId = "akka.actor.internal-dispatcher";
    private readonly ConcurrentDictionary<string, Lazy<ActorDispatcher>> _byId = new();

    /// <exception cref="ConfigurationException">There are no such settings.</exception>
    internal ActorDispatcher Lookup(string id) => _byId.GetOrAdd(id, key => new Lazy<ActorDispatcher>(() => Create(key))).Value;

    public void Dispose()
    {
        foreach (var dispatcher in _byId.Values.Where(entry => entry.IsValueCreated))
            dispatcher.Value.Dispose();
    }

    private ActorDispatcher Create(string id)
    {
        var settings = config.GetConfig(id) ?? throw new ConfigurationException($"Dispatcher [{id}] not configured.");
        settings = settings.SafeWithFallback(config.GetConfig(DefaultId));
        var throughput = settings.GetInt("throughput", 30);
        return settings.GetString("type", "Dispatcher") switch
        {
            "PinnedDispatcher" => new ActorDispatcher(id, throughput, 1),
            "ForkJoinDispatcher" => new ActorDispatcher(id, throughput, settings.GetInt("dedicated-thread-pool.thread-count", Environment.ProcessorCount)),
            "Dispatcher" or "TaskDispatcher" => new ActorDispatcher(id, throughput, 0),
            var other => throw new NotSupportedException($"The stand-in for Akka has no dispatcher of type '{other}' (asked for by {id})."),
        };
    }
}
