using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>
/// A cluster of one: the node may join itself and leave. Joining another node throws <see cref="NotSupportedException"/>, and so do seed nodes in the
/// configuration that name another; this node itself among them makes it join itself.
/// </summary>
public class Cluster : IExtension
{
    private readonly Lock _gate = new();
    private readonly Subscribers _subscribers = new();
    private readonly List<Action> _onUp = [];
    private readonly List<Action> _onRemoved = [];
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Member _self;

    internal Cluster(ExtendedActorSystem system)
    {
        System = system;
        SelfUniqueAddress = new UniqueAddress(system.Provider.DefaultAddress, Random.Shared.Next());
        SelfRoles = [.. system.Settings.Config.GetStringList("akka.cluster.roles")];
        _self = new Member(SelfUniqueAddress, MemberStatus.Removed, SelfRoles);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", async () =>
        {
            await LeaveAsync().ConfigureAwait(false);
            return Done.Instance;
        });
        var seeds = system.Settings.Config.GetStringList("akka.cluster.seed-nodes").Select(Address.Parse).ToList();
        if (seeds.Find(seed => !IsSelf(seed)) is { } other)
            throw new NotSupportedException($"This stand-in of Akka.Cluster is one node: it cannot join {other}.");
        if (seeds.Count > 0)
            Join(SelfAddress);
    }

    /// <summary>Nothing listens here, so that only the configuration says what the address would be.</summary>
    private bool IsSelf(Address address)
    {
        var tcp = System.Settings.Config.GetConfig("akka.remote.dot-netty.tcp") ?? Configuration.Config.Empty;
        var host = tcp.GetString("public-hostname", "") is { Length: > 0 } publicHost ? publicHost : tcp.GetString("hostname", "");
        var port = tcp.GetInt("public-port", 0) is > 0 and var publicPort ? publicPort : tcp.GetInt("port", 0);
        return address.Equals(SelfAddress) || (address.System == SelfAddress.System && address.Host == host && address.Port == port);
    }

    public bool IsTerminated => _removed.Task.IsCompleted;

    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    public Address SelfAddress => SelfUniqueAddress.Address;

    public Member SelfMember
    {
        get
        {
            lock (_gate)
                return _self;
        }
    }

    public ImmutableHashSet<string> SelfRoles { get; }

    public UniqueAddress SelfUniqueAddress { get; }

    public ClusterEvent.CurrentClusterState State
    {
        get
        {
            var self = SelfMember;
            return self.Status == MemberStatus.Removed
                ? new ClusterEvent.CurrentClusterState()
                : new ClusterEvent.CurrentClusterState([self], SelfAddress);
        }
    }

    public ExtendedActorSystem System { get; }

    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    public void Join(Address address)
    {
        if (!address.Equals(SelfAddress))
            throw new NotSupportedException($"This stand-in of Akka.Cluster is one node: {SelfAddress} cannot join {address}.");
        Action[] callbacks;
        lock (_gate)
        {
            if (_self.Status != MemberStatus.Removed || IsTerminated)
                return;
            Become(MemberStatus.Joining, member => new ClusterEvent.MemberJoined(member));
            Become(MemberStatus.Up, member => new ClusterEvent.MemberUp(member));
            callbacks = [.. _onUp];
        }
        foreach (var callback in callbacks)
            callback();
    }

    public Task JoinAsync(Address address, CancellationToken token = default)
    {
        Join(address);
        return Task.CompletedTask;
    }

    /// <summary>Joins itself.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) => Join(SelfAddress);

    /// <inheritdoc cref="JoinSeedNodes"/>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default) => JoinAsync(SelfAddress, token);

    public void Leave(Address address)
    {
        if (address.Equals(SelfAddress))
            _ = LeaveAsync();
    }

    public Task LeaveAsync()
    {
        Action[] callbacks = [];
        lock (_gate)
        {
            if (_self.Status == MemberStatus.Up)
            {
                Become(MemberStatus.Leaving, member => new ClusterEvent.MemberLeft(member));
                Become(MemberStatus.Exiting, member => new ClusterEvent.MemberExited(member));
                Become(MemberStatus.Removed, member => new ClusterEvent.MemberRemoved(member, MemberStatus.Exiting));
                callbacks = [.. _onRemoved];
            }
            _removed.TrySetResult();
        }
        foreach (var callback in callbacks)
            callback();
        return _removed.Task;
    }

    public Task LeaveAsync(CancellationToken cancellationToken) => LeaveAsync().WaitAsync(cancellationToken);

    /// <summary>Runs once this node has been removed, or now if it was.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        lock (_gate)
            if (!IsTerminated)
            {
                _onRemoved.Add(callback);
                return;
            }
        callback();
    }

    /// <summary>Runs once this node is up, or now if it is.</summary>
    public void RegisterOnMemberUp(Action callback)
    {
        lock (_gate)
            if (_self.Status != MemberStatus.Up)
            {
                _onUp.Add(callback);
                return;
            }
        callback();
    }

    public void SendCurrentClusterState(IActorRef receiver) => receiver.Tell(State);

    public void Subscribe(IActorRef subscriber, params Type[] to) => Subscribe(subscriber, ClusterEvent.InitialStateAsSnapshot, to);

    /// <param name="to">Which events: classes or interfaces of <see cref="ClusterEvent"/>.</param>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        lock (_gate)
        {
            _subscribers.Add(subscriber, to);
            if (initialStateMode == ClusterEvent.InitialStateAsSnapshot)
                subscriber.Tell(State);
            else if (_self.Status == MemberStatus.Up)
                _subscribers.Tell(subscriber, new ClusterEvent.MemberUp(_self));
        }
    }

    public void Unsubscribe(IActorRef subscriber) => Unsubscribe(subscriber, null);

    public void Unsubscribe(IActorRef subscriber, Type to)
    {
        lock (_gate)
            _subscribers.Remove(subscriber, to);
    }

    private void Become(MemberStatus status, Func<Member, ClusterEvent.IMemberEvent> change)
    {
        _self = _self.Copy(status);
        _subscribers.Publish(change(_self));
    }

    /// <summary>Who listens to what.</summary>
    private sealed class Subscribers
    {
        private readonly List<(IActorRef Subscriber, Type To)> _all = [];

        public void Add(IActorRef subscriber, Type[] to) => _all.AddRange(to.Select(type => (subscriber, type)));

        public void Remove(IActorRef subscriber, Type to) => _all.RemoveAll(one => one.Subscriber.Equals(subscriber) && (to == null || one.To == to));

        public void Tell(IActorRef subscriber, object change)
        {
            if (_all.Exists(one => one.Subscriber.Equals(subscriber) && one.To.IsInstanceOfType(change)))
                subscriber.Tell(change);
        }

        public void Publish(object change)
        {
            foreach (var subscriber in _all.Where(one => one.To.IsInstanceOfType(change)).Select(one => one.Subscriber).Distinct().ToList())
                subscriber.Tell(change);
        }
    }
}

/// <inheritdoc cref="Cluster"/>
public class ClusterExtension : ExtensionIdProvider<Cluster>
{
    public override Cluster CreateExtension(ExtendedActorSystem system) => new(system);
}
