using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using TestKit = Akka.TestKit.Xunit2.TestKit;

namespace StandIns.Tests.Core;

public sealed class TimeSpecs() : TestKit(TestConfigs.TestSchedulerConfig)
{
    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef probe)
        {
            Receive<Action<ITimerScheduler>>(act => act(Timers));
            Receive<Exception>(failure => throw failure);
            Receive<string>(text => probe.Tell(text));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        public static object Do(Action<ITimerScheduler> act) => act;
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private IActorRef NewTimed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)));
        Settle(actor);
        return actor;
    }

    private void Settle(IActorRef actor)
    {
        actor.Tell("settled");
        ExpectMsg("settled");
    }

    [Fact]
    public void A_single_timer_fires_once()
    {
        var actor = NewTimed();
        actor.Tell(Timed.Do(timers => timers.StartSingleTimer("key", "tick", TimeSpan.FromSeconds(1))));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromMilliseconds(999));
        ExpectNoMsg(30);
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        ExpectMsg("tick");
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_periodic_timer_fires_until_cancelled()
    {
        var actor = NewTimed();
        actor.Tell(Timed.Do(timers => timers.StartPeriodicTimer("key", "tick", TimeSpan.FromSeconds(1))));
        Settle(actor);
        for (var i = 0; i < 3; i++)
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            ExpectMsg("tick");
        }
        actor.Tell(Timed.Do(timers => timers.Cancel("key")));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_message_of_a_cancelled_timer_that_waits_is_dropped()
    {
        var actor = NewTimed();
        actor.Tell(Timed.Do(timers => timers.StartSingleTimer("key", "old", TimeSpan.FromSeconds(1))));
        Settle(actor);
        using var open = new ManualResetEventSlim();
        actor.Tell(Timed.Do(timers =>
        {
            open.Wait(TimeSpan.FromSeconds(10));
            timers.StartSingleTimer("key", "new", TimeSpan.FromSeconds(1));
        }));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        open.Set();
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("new");
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_restart_and_a_stop_cancel_the_timers()
    {
        var actor = NewTimed();
        actor.Tell(Timed.Do(timers => timers.StartSingleTimer("key", "tick", TimeSpan.FromSeconds(1))));
        actor.Tell(new InvalidOperationException("oops"));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectNoMsg(30);
        actor.Tell(Timed.Do(timers => timers.StartSingleTimer("key", "tick", TimeSpan.FromSeconds(1))));
        Settle(actor);
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter().Expect(0, () => Scheduler.Advance(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void The_receive_timeout_comes_when_nothing_else_does()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Sleepy(TestActor)));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromMilliseconds(600));
        Settle(actor);
        Scheduler.Advance(TimeSpan.FromMilliseconds(600));
        ExpectNoMsg(30);
        Scheduler.Advance(TimeSpan.FromMilliseconds(400));
        ExpectMsg("timeout");
    }

    private sealed class Sleepy : ReceiveActor
    {
        public Sleepy(IActorRef probe)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(1));
            Receive<ReceiveTimeout>(_ => probe.Tell("timeout"));
            Receive<string>(text => probe.Tell(text));
        }
    }

    [Fact]
    public void The_scheduler_sends_and_can_be_cancelled()
    {
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TestActor, "tick", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("tick");
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg("tick");
        ExpectNoMsg(30);
        cancelable.Cancel();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        ExpectNoMsg(30);
    }
}

public sealed class RealTimeSpecs : TestKit
{
    [Fact]
    public void Real_time_passes_by_itself()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), TestActor, "tick", ActorRefs.NoSender);
        ExpectMsg("tick");
        var ran = new TaskCompletionSource();
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(5), ran.SetResult);
        AwaitCondition(() => ran.Task.IsCompleted);
    }
}
