using Akka.Actor;
using Akka.Persistence;

namespace StandIns.Tests.Persistence;

public sealed class PersistenceSpecs : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("persistence", """
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task An_actor_comes_back_with_its_state()
    {
        var account = Open("a");
        (await account.Ask<int>(3, Eventually.Bound)).ShouldBe(3);
        (await account.Ask<int>(4, Eventually.Bound)).ShouldBe(7);
        await Stop(account);

        (await Ask(Open("a"))).ShouldBe(new Balance(7, 2));
    }

    [Fact]
    public async Task Commands_wait_for_the_event_before_them()
    {
        var account = Open("b");
        for (var n = 1; n <= 200; n++)
            account.Tell(n);

        (await Ask(account)).ShouldBe(new Balance(20100, 200));
    }

    [Fact]
    public async Task A_failed_actor_recovers_from_its_events()
    {
        var account = Open("c");
        account.Tell(5);
        account.Tell("fail");
        account.Tell(6);

        (await Ask(account)).ShouldBe(new Balance(11, 2));
    }

    [Fact]
    public async Task Recovery_starts_from_the_snapshot()
    {
        var account = Open("d");
        account.Tell(new[] { 1, 2, 3 });
        (await account.Ask<SaveSnapshotSuccess>("snapshot", Eventually.Bound)).Metadata.SequenceNr.ShouldBe(3);
        (await account.Ask<DeleteMessagesSuccess>("forget", Eventually.Bound)).ToSequenceNr.ShouldBe(3);
        account.Tell(4);
        (await Ask(account)).ShouldBe(new Balance(10, 4));
        await Stop(account);

        var again = Open("d");
        (await Ask(again)).ShouldBe(new Balance(10, 4));
        (await again.Ask<long>("sequence", Eventually.Bound)).ShouldBe(4);
    }

    [Fact]
    public async Task Handlers_run_in_the_order_of_their_events_and_deferred_ones_between()
    {
        var order = new TaskCompletionSource<string>();
        var actor = _system.ActorOf(Props.Create(() => new Ordering("e", order)));

        actor.Tell("go");
        (await order.Task.WaitAsync(Eventually.Bound)).ShouldBe("command a b deferred c next");
    }

    [Fact]
    public async Task An_asynchronous_command_ends_before_the_next_and_may_persist()
    {
        var actor = _system.ActorOf(Props.Create(() => new Patient("f")));
        for (var n = 0; n < 20; n++)
            actor.Tell(n);

        (await actor.Ask<string>("all", Eventually.Bound)).ShouldBe(string.Join(",", Enumerable.Range(0, 20)));
    }

    [Fact]
    public async Task An_actor_that_cannot_recover_is_stopped_and_says_why()
    {
        var account = Open("g");
        account.Tell(1);
        await Ask(account);
        await Stop(account);
        var why = new TaskCompletionSource<string>();
        var broken = _system.ActorOf(Props.Create(() => new Broken("g", why)));

        (await why.Task.WaitAsync(Eventually.Bound)).ShouldBe("cannot read that");
        await Gone(broken);
    }

    [Fact]
    public async Task What_the_user_stashes_comes_back_in_order()
    {
        var actor = _system.ActorOf(Props.Create(() => new Stashing("h")));
        foreach (var message in new object[] { 1, 2, "open", 3 })
            actor.Tell(message);

        (await actor.Ask<string>("all", Eventually.Bound)).ShouldBe("1,2,3");
    }

    private IActorRef Open(string id) => _system.ActorOf(Props.Create(() => new Account(id)));

    private static Task<Balance> Ask(IActorRef account) => account.Ask<Balance>("balance", Eventually.Bound);

    private async Task Stop(IActorRef actor)
    {
        _system.Stop(actor);
        await Gone(actor);
    }

    private static async Task Gone(IActorRef actor) => await actor.WatchAsync().WaitAsync(Eventually.Bound);

    private sealed class Ordering : ReceivePersistentActor
    {
        private readonly List<string> _seen = [];

        public Ordering(string id, TaskCompletionSource<string> order)
        {
            PersistenceId = id;
            Command<string>(s => s == "go", _ =>
            {
                Self.Tell("next");
                Persist("a", _seen.Add);
                Persist("b", _seen.Add);
                DeferAsync("deferred", _seen.Add);
                PersistAsync("c", _seen.Add);
                _seen.Add("command");
            });
            Command<string>(s => s == "next", next => PersistAsync(next, n =>
            {
                _seen.Add(n);
                order.SetResult(string.Join(" ", _seen));
            }));
        }

        public override string PersistenceId { get; }
    }

    private sealed class Patient : ReceivePersistentActor
    {
        private readonly List<int> _seen = [];

        public Patient(string id)
        {
            PersistenceId = id;
            CommandAsync<int>(async n =>
            {
                await Task.Delay(1);
                Persist(n, _seen.Add);
            });
            Command<string>(_ => Sender.Tell(string.Join(",", _seen)));
        }

        public override string PersistenceId { get; }
    }

    private sealed class Broken : ReceivePersistentActor
    {
        private readonly TaskCompletionSource<string> _why;

        public Broken(string id, TaskCompletionSource<string> why)
        {
            PersistenceId = id;
            _why = why;
            Recover<Deposited>(new Action<Deposited>(_ => throw new FormatException("cannot read that")));
        }

        public override string PersistenceId { get; }

        protected override void OnRecoveryFailure(Exception reason, object? message = null) => _why.SetResult(reason.Message);
    }

    private sealed class Stashing : ReceivePersistentActor
    {
        private readonly List<int> _seen = [];

        public Stashing(string id)
        {
            PersistenceId = id;
            Command<int>(_ => Stash.Stash());
            Command<string>(s => s == "open", _ =>
            {
                Become(() =>
                {
                    Command<int>(n => Persist(n, _seen.Add));
                    Command<string>(_ => Sender.Tell(string.Join(",", _seen)));
                });
                Stash.UnstashAll();
            });
        }

        public override string PersistenceId { get; }
    }
}
