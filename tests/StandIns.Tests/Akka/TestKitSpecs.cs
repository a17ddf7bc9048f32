using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Xunit.Sdk;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace StandIns.Tests.Core;

public sealed class TestKitSpecs : TestKit
{
    [Fact]
    public void What_the_test_tells_comes_from_the_test_actor()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        actor.Tell(1);
        ExpectMsg(1);
        LastSender.ShouldBe(actor);
    }

    [Fact]
    public async Task The_sender_is_kept_across_awaits()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        await Task.Delay(1);
        actor.Tell(1);
        await ExpectMsgAsync(1);
        await Task.Yield();
        actor.Tell(2);
        await ExpectMsgAsync<int>(number => number == 2);
    }

    [Fact]
    public void A_wrong_message_or_none_fails_the_test()
    {
        TestActor.Tell("one");
        Should.Throw<XunitException>(() => ExpectMsg("two"));
        Should.Throw<XunitException>(() => ExpectMsg<string>(TimeSpan.FromMilliseconds(20)));
        TestActor.Tell("three");
        Should.Throw<XunitException>(() => ExpectNoMsg(20));
    }

    [Fact]
    public void Messages_can_be_fished_ignored_and_counted()
    {
        foreach (var i in Enumerable.Range(1, 5))
            TestActor.Tell(i);
        FishForMessage<int>(number => number == 3).ShouldBe(3);
        ReceiveN(2).ShouldBe([4, 5]);
        IgnoreMessages<string>(text => text == "noise");
        TestActor.Tell("noise");
        TestActor.Tell("signal");
        ExpectMsg("signal");
        ExpectMsgAllOfBoth();

        void ExpectMsgAllOfBoth()
        {
            TestActor.Tell("b");
            TestActor.Tell("a");
            ExpectMsgAllOf("a", "b");
        }
    }

    [Fact]
    public void A_probe_is_a_reference_and_answers()
    {
        var probe = CreateTestProbe("probe");
        IActorRef asReference = probe;
        asReference.Tell("hello", TestActor);
        probe.ExpectMsg("hello");
        probe.Reply("welcome");
        ExpectMsg("welcome");
        LastSender.ShouldBe(probe.Ref);
        probe.Send(TestActor, "sent");
        ExpectMsgFrom(probe.Ref, "sent");
    }

    [Fact]
    public void A_probe_can_be_watched()
    {
        var probe = CreateTestProbe();
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe);
    }

    [Fact]
    public void An_auto_pilot_answers_by_itself()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"auto {message}");
            return AutoPilot.KeepRunning;
        }));
        probe.Ref.Tell("one");
        ExpectMsg("auto one");
        probe.Ref.Tell("two");
        ExpectMsg("auto two");
        probe.ExpectMsg("one");
    }

    [Fact]
    public void Log_entries_can_be_expected()
    {
        var log = Logging.GetLogger(Sys, "me");
        EventFilter.Warning("careful 5").ExpectOne(() => log.Warning("careful {0}", 5));
        EventFilter.Info(start: "begin").Expect(2, () =>
        {
            log.Info("begin 1");
            log.Info("begin 2");
        });
        EventFilter.Exception<InvalidOperationException>(contains: "broken").ExpectOne(() => log.Error(new InvalidOperationException("it is broken"), "trouble"));
        Should.Throw<XunitException>(() => EventFilter.Error("never").ExpectOne(TimeSpan.FromMilliseconds(30), () => { }));
    }

    [Fact]
    public void Dead_letters_can_be_expected()
    {
        var actor = Watch(Sys.ActorOf(FunActor.Props(ActorRefs.Nobody)));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter<string>().ExpectOne(() => actor.Tell("lost"));
    }

    [Fact]
    public void Within_limits_what_is_inside()
    {
        Within(TimeSpan.FromSeconds(3), () =>
        {
            TestActor.Tell("quick");
            ExpectMsg("quick");
        });
        Should.Throw<XunitException>(() => Within(TimeSpan.FromMilliseconds(30), () => ExpectMsg("never")));
    }

    [Fact]
    public void Conditions_are_awaited()
    {
        var polls = 0;
        AwaitCondition(() => ++polls > 2);
        polls.ShouldBe(3);
        AwaitAssert(() => (++polls).ShouldBeGreaterThan(4), interval: TimeSpan.FromMilliseconds(5));
        AwaitConditionNoThrow(() => false, TimeSpan.FromMilliseconds(20)).ShouldBeFalse();
        Should.Throw<XunitException>(() => AwaitCondition(() => false, TimeSpan.FromMilliseconds(20)));
    }
}
