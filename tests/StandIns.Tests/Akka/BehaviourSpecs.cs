using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class BehaviourSpecs : TestKit
{
    private sealed class Door : ReceiveActor
    {
        public Door() => Closed();

        private void Closed()
        {
            Receive<string>(text => text == "open", _ => Become(Open));
            Receive<string>(text => text == "peek", _ => BecomeStacked(Peeking));
            ReceiveAny(_ => Sender.Tell("closed"));
        }

        private void Open()
        {
            Receive<string>(text => text == "close", _ => Become(Closed));
            Receive<string>(_ => Sender.Tell("open"));
        }

        private void Peeking() => Receive<string>(_ =>
        {
            Sender.Tell("peeking");
            UnbecomeStacked();
        });
    }

    private sealed class Stasher : ReceiveActor, IWithUnboundedStash
    {
        public Stasher(IActorRef probe)
        {
            Receive<Exception>(failure => throw failure);
            Receive<string>(text => text == "release", _ => Become(() => Receive<object>(message => probe.Tell(message))));
            Receive<string>(text => text == "go", _ =>
            {
                Stash.UnstashAll();
                Become(() => ReceiveAny(message => probe.Tell(message)));
            });
            Receive<string>(text => text == "count", _ => Sender.Tell(Stash.Count));
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }

    [Fact]
    public void Become_changes_the_handlers()
    {
        var door = Sys.ActorOf<Door>();
        door.Tell("?");
        ExpectMsg("closed");
        door.Tell("open");
        door.Tell("?");
        ExpectMsg("open");
        door.Tell("close");
        door.Tell("?");
        ExpectMsg("closed");
        door.Tell("peek");
        door.Tell("?");
        ExpectMsg("peeking");
        door.Tell("?");
        ExpectMsg("closed");
    }

    [Fact]
    public void Stashed_messages_come_back_in_order_before_those_that_wait()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stasher(TestActor)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("go");
        actor.Tell(3);
        ExpectMsg(1);
        ExpectMsg(2);
        ExpectMsg(3);
    }

    [Fact]
    public void A_restart_unstashes_what_was_stashed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stasher(TestActor)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(new InvalidOperationException("oops"));
        // The new instance stashes them again: nothing is lost.
        AwaitAssert(() =>
        {
            actor.Tell("count");
            ExpectMsg(2);
        });
        actor.Tell("go");
        ExpectMsg(1);
        ExpectMsg(2);
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        actor.Tell(1.5);
        var unhandled = ExpectMsg<UnhandledMessage>();
        unhandled.Message.ShouldBe(1.5);
        unhandled.Recipient.ShouldBe(actor);
    }

    [Fact]
    public async Task What_a_dead_actor_is_told_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        await actor.GracefulStop(TimeSpan.FromSeconds(5));
        actor.Tell("too late");
        var letter = ExpectMsg<DeadLetter>();
        letter.Message.ShouldBe("too late");
        letter.Recipient.ShouldBe(actor);
        letter.Sender.ShouldBe(TestActor);
    }

    [Fact]
    public void A_subscriber_gets_subtypes_until_it_unsubscribes()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(IComparable)).ShouldBeTrue();
        Sys.EventStream.Publish("text");
        ExpectMsg("text");
        Sys.EventStream.Unsubscribe(TestActor, typeof(IComparable)).ShouldBeTrue();
        Sys.EventStream.Publish("text");
        ExpectNoMsg(30);
    }

    [Fact]
    public void Handlers_are_declared_in_the_constructor_only()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Late(TestActor)));
        actor.Tell("now");
        ExpectMsg<string>().ShouldStartWith("You may only call Receive");
    }

    private sealed class Late : ReceiveActor
    {
        public Late(IActorRef probe) => Receive<string>(_ =>
        {
            try
            {
                Receive<int>(_ => { });
            }
            catch (InvalidOperationException refused)
            {
                probe.Tell(refused.Message);
            }
        });
    }
}
