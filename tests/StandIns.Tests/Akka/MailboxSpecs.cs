using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class MailboxSpecs() : TestKit(ConfigurationFactory.ParseString("one-at-a-time { type = Dispatcher, throughput = 1 }"))
{
    private sealed class Counter : ReceiveActor
    {
        private int _inside;
        private int _count;

        public Counter(int expected, IActorRef done, ConcurrentQueue<string> trouble) => Receive<int>(_ =>
        {
            if (Interlocked.Increment(ref _inside) != 1)
                trouble.Enqueue("two messages at once");
            _count++;
            Interlocked.Decrement(ref _inside);
            if (_count == expected)
                done.Tell(_count);
        });
    }

    private sealed class OrderKeeper : ReceiveActor
    {
        private readonly Dictionary<int, int> _last = [];

        public OrderKeeper(int expected, IActorRef done) => Receive<(int Sender, int Number)>(message =>
        {
            if (message.Number != _last.GetValueOrDefault(message.Sender) + 1)
                done.Tell($"{message.Number} of sender {message.Sender} after {_last.GetValueOrDefault(message.Sender)}");
            _last[message.Sender] = message.Number;
            if (_last.Values.Sum() == expected)
                done.Tell("in order");
        });
    }

    [Fact]
    public void One_message_is_handled_at_a_time()
    {
        var trouble = new ConcurrentQueue<string>();
        var actor = Sys.ActorOf(Props.Create(() => new Counter(80_000, TestActor, trouble)));
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
                actor.Tell(i, ActorRefs.NoSender);
        });
        ExpectMsg(80_000, TimeSpan.FromSeconds(10));
        trouble.ShouldBeEmpty();
    }

    [Fact]
    public void Messages_of_one_sender_keep_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new OrderKeeper(4 * 5_000, TestActor)));
        Parallel.For(0, 4, sender =>
        {
            for (var i = 1; i <= 5_000; i++)
                actor.Tell((sender, i), ActorRefs.NoSender);
        });
        ExpectMsg("in order", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_busy_actor_does_not_keep_others_from_running()
    {
        var rounds = Environment.ProcessorCount * 2;
        var busy = Enumerable.Range(0, rounds).Select(_ => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody).WithDispatcher("one-at-a-time"))).ToArray();
        using var stop = new CancellationTokenSource();
        foreach (var actor in busy)
            actor.Tell(FunActor.Do(context => Again(context, stop.Token)));
        var other = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        for (var i = 0; i < 20; i++)
        {
            other.Tell(i);
            ExpectMsg(i, TimeSpan.FromSeconds(5));
        }
        stop.Cancel();

        static void Again(IUntypedActorContext context, CancellationToken token)
        {
            if (!token.IsCancellationRequested)
                context.Self.Tell(FunActor.Do(next => Again(next, token)));
        }
    }

    [Fact]
    public void A_stop_comes_before_the_messages_that_wait()
    {
        using var open = new ManualResetEventSlim();
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "queued");
        ExpectMsg("start queued");
        actor.Tell(FunActor.Do(context =>
        {
            open.Wait(TimeSpan.FromSeconds(10));
            context.Stop(context.Self);
        }));
        actor.Tell("never");
        open.Set();
        ExpectMsg("stop queued");
        ExpectNoMsg(50);
    }

    [Fact]
    public void A_poison_pill_comes_after_the_messages_before_it()
    {
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "poisoned");
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        ExpectMsg("start poisoned");
        ExpectMsg("before");
        ExpectMsg("stop poisoned");
        ExpectNoMsg(50);
    }

    [Fact]
    public void An_unknown_dispatcher_is_refused() =>
        Should.Throw<ConfigurationException>(() => Sys.ActorOf(FunActor.Props(TestActor).WithDispatcher("nowhere")));

    [Fact]
    public void A_null_message_is_refused()
    {
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "strict");
        ExpectMsg("start strict");
        Should.Throw<ArgumentNullException>(() => actor.Tell(null!));
    }
}
