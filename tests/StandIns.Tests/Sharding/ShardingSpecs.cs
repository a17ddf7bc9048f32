using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace StandIns.Tests.Sharding;

public sealed class ShardingSpecs : IAsyncLifetime
{
    private const string Settings = """
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp { hostname = localhost, port = 0 }
        akka.cluster.sharding { state-store-mode = ddata, entity-restart-backoff = 20ms, distributed-data.durable.keys = [] }
        """;

    private readonly ActorSystem _system = ActorSystem.Create("sharding", Settings);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance);

    [Fact]
    public async Task Messages_wait_until_the_node_is_up_and_reach_the_entity_in_order()
    {
        var region = Start("counters");

        for (var n = 1; n <= 100; n++)
            region.Tell(new Parcel("a", n));
        Join();
        (await region.Ask<string>(new Parcel("a", "sum"), Eventually.Bound)).ShouldBe("a 5050");
    }

    [Fact]
    public async Task An_entity_lives_under_its_shard_under_its_region()
    {
        Join();
        var region = Start("paths");

        var entity = await region.Ask<IActorRef>(new Parcel("x/1", "self"), Eventually.Bound);
        entity.Path.ToStringWithoutAddress().ShouldStartWith("/system/sharding/paths/");
        entity.Path.Name.ShouldBe(Uri.EscapeDataString("x/1"));
        entity.Path.Parent.Parent.Name.ShouldBe("paths");
    }

    [Fact]
    public async Task An_entity_that_passivates_gets_what_came_meanwhile_in_its_next_life()
    {
        Join();
        var region = Start("passive");

        (await region.Ask<string>(new Parcel("p", "life"), Eventually.Bound)).ShouldBe("first");
        region.Tell(new Parcel("p", "passivate"));
        var lives = new List<string>();
        await Eventually.True(
            () =>
            {
                lives.Add(region.Ask<string>(new Parcel("p", "life"), Eventually.Bound).Result);
                return lives[^1] == "later";
            },
            "another life");
    }

    [Fact]
    public async Task An_entity_that_fails_goes_on_with_fresh_state()
    {
        Join();
        var region = Start("failing");

        region.Tell(new Parcel("f", 5));
        region.Tell(new Parcel("f", "fail"));
        (await region.Ask<string>(new Parcel("f", "sum"), Eventually.Bound)).ShouldBe("f 0");
    }

    [Fact]
    public async Task Idle_entities_are_passivated()
    {
        Join();
        var region = Start("idle", settings => settings.WithPassivateIdleAfter(TimeSpan.FromMilliseconds(100)));
        var entity = await region.Ask<IActorRef>(new Parcel("i", "self"), Eventually.Bound);
        var gone = new TaskCompletionSource();
        _system.ActorOf(Props.Create(() => new Watcher(entity, gone)));

        await gone.Task.WaitAsync(Eventually.Bound);
    }

    [Fact]
    public async Task A_region_tells_what_is_active()
    {
        Join();
        var region = Start("asked");
        foreach (var id in new[] { "1", "2", "3" })
            (await region.Ask<string>(new Parcel(id, "sum"), Eventually.Bound)).ShouldBe($"{id} 0");

        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Eventually.Bound);
        state.Shards.SelectMany(shard => shard.EntityIds).Order().ShouldBe(["1", "2", "3"]);
        var stats = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, Eventually.Bound);
        stats.Stats.Values.Sum().ShouldBe(3);
    }

    [Fact]
    public async Task Shutting_down_hands_every_entity_its_stop_message()
    {
        Join();
        var stopped = new TaskCompletionSource<string>();
        var region = ClusterSharding.Get(_system).Start(
            "stopping",
            id => Props.Create(() => new Stopping(id, stopped)),
            ClusterShardingSettings.Create(_system),
            HashCodeMessageExtractor.Create(10, message => (message as Parcel)?.Id, message => ((Parcel)message).Content),
            ClusterSharding.Get(_system).DefaultShardAllocationStrategy(ClusterShardingSettings.Create(_system)),
            "please stop");
        (await region.Ask<string>(new Parcel("s", "ping"), Eventually.Bound)).ShouldBe("pong");

        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(TimeSpan.FromSeconds(60));
        (await stopped.Task.WaitAsync(Eventually.Bound)).ShouldBe("s: please stop");
    }

    [Fact]
    public void Settings_are_there_once_the_extension_is()
    {
        Should.Throw<Exception>(() => ClusterShardingSettings.Create(_system));
        ClusterSharding.Get(_system);
        ClusterShardingSettings.Create(_system).PassivateIdleEntityAfter.ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task The_node_says_when_it_is_up()
    {
        var cluster = Cluster.Get(_system);
        var (up, seen) = (new TaskCompletionSource(), new TaskCompletionSource<Member>());
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        var listener = _system.ActorOf(Props.Create(() => new Listener(seen)));
        cluster.Subscribe(listener, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));

        Join();
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await seen.Task.WaitAsync(TimeSpan.FromSeconds(30))).Address.ShouldBe(cluster.SelfAddress);
        cluster.SelfMember.Status.ShouldBe(MemberStatus.Up);
        cluster.State.Members.Single().UniqueAddress.ShouldBe(cluster.SelfUniqueAddress);
    }

    private void Join() => Cluster.Get(_system).Join(Cluster.Get(_system).SelfAddress);

    private IActorRef Start(string type, Func<ClusterShardingSettings, ClusterShardingSettings>? adjust = null)
    {
        var sharding = ClusterSharding.Get(_system);
        return sharding.Start(type, id => Props.Create(() => new Counter(id)), adjust?.Invoke(sharding.Settings) ?? sharding.Settings, new Extractor());
    }

    private sealed class Extractor() : HashCodeMessageExtractor(10)
    {
        public override string? EntityId(object message) => (message as Parcel)?.Id;

        public override object? EntityMessage(object message) => ((Parcel)message).Content;
    }

    private sealed class Counter(string id) : UntypedActor
    {
        private static readonly HashSet<string> Lived = [];
        private readonly string _life = First(id) ? "first" : "later";
        private int _sum;

        private static bool First(string id)
        {
            lock (Lived)
                return Lived.Add(id);
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int n:
                    _sum += n;
                    break;
                case "sum":
                    Sender.Tell($"{id} {_sum}");
                    break;
                case "self":
                    Sender.Tell(Self);
                    break;
                case "life":
                    Sender.Tell(_life);
                    break;
                case "fail":
                    throw new InvalidOperationException("as asked");
                case "passivate":
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance));
                    break;
            }
        }
    }

    private sealed class Stopping(string id, TaskCompletionSource<string> stopped) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message.Equals("ping"))
            {
                Sender.Tell("pong");
                return;
            }
            stopped.TrySetResult($"{id}: {message}");
            Context.Stop(Self);
        }
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly TaskCompletionSource _gone;

        public Watcher(IActorRef watched, TaskCompletionSource gone)
        {
            _gone = gone;
            Context.Watch(watched);
        }

        protected override void OnReceive(object message) => _gone.TrySetResult();
    }

    private sealed class Listener(TaskCompletionSource<Member> seen) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is ClusterEvent.MemberUp up)
                seen.TrySetResult(up.Member);
        }
    }
}
