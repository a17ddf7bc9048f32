using Akka.Actor;
using Akka.Pattern;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class PatternSpecs : TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private IActorRef Supervise(BackoffOptions options) => Watch(Sys.ActorOf(BackoffSupervisor.Props(options)));

    private CircuitBreaker Breaker(int maxFailures, TimeSpan? call = null, TimeSpan? reset = null) =>
        new(Sys.Scheduler, maxFailures, call ?? TimeSpan.FromSeconds(5), reset ?? TimeSpan.FromMinutes(1));

    [Fact]
    public void A_child_that_stops_is_started_again()
    {
        var supervisor = Supervise(Backoff.OnStop(FunActor.Props(TestActor), "child", Short, Short * 4, 0.0, -1).WithManualReset());
        ExpectMsg("start child");
        supervisor.Tell(PoisonOf());
        ExpectMsg("stop child");
        ExpectMsg("start child");
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        ExpectMsg<BackoffSupervisor.RestartCount>().Count.ShouldBe(1);
        supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
        ExpectMsg<BackoffSupervisor.CurrentChild>().Ref.Path.Name.ShouldBe("child");
    }

    [Fact]
    public void A_child_that_fails_is_started_again_after_the_pause()
    {
        var supervisor = Supervise(Backoff.OnFailure(FunActor.Props(TestActor), "child", Short, Short * 4, 0.0, -1).WithManualReset());
        ExpectMsg("start child");
        supervisor.Tell(new InvalidOperationException("oops"));
        FishForMessage(message => message is "start child");
        supervisor.Tell("through");
        ExpectMsg("through");
    }

    [Fact]
    public void With_OnFailure_a_child_that_stops_ends_the_supervisor()
    {
        var supervisor = Supervise(Backoff.OnFailure(FunActor.Props(TestActor), "child", Short, Short * 4, 0.0, -1));
        ExpectMsg("start child");
        supervisor.Tell(PoisonOf());
        ExpectMsg("stop child");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void Too_many_retries_end_the_supervisor()
    {
        var supervisor = Supervise(Backoff.OnStop(FunActor.Props(TestActor), "child", Short, Short * 2, 0.0, 1).WithManualReset());
        ExpectMsg("start child");
        supervisor.Tell(PoisonOf());
        ExpectMsg("stop child");
        ExpectMsg("start child");
        supervisor.Tell(PoisonOf());
        ExpectMsg("stop child");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public async Task The_breaker_opens_after_failures_and_fails_fast()
    {
        var opened = new TaskCompletionSource();
        var breaker = Breaker(2).OnOpen(() => opened.TrySetResult());
        for (var i = 0; i < 2; i++)
            await Should.ThrowAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(() => Task.FromException<int>(new InvalidOperationException())));
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(5));
        breaker.IsOpen.ShouldBeTrue();
        await Should.ThrowAsync<OpenCircuitException>(() => breaker.WithCircuitBreaker(() => Task.FromResult(1)));
    }

    [Fact]
    public async Task A_success_after_the_reset_closes_it()
    {
        var halfOpen = new TaskCompletionSource();
        var breaker = Breaker(1, reset: Short).OnHalfOpen(() => halfOpen.TrySetResult());
        breaker.Fail();
        await halfOpen.Task.WaitAsync(TimeSpan.FromSeconds(5));
        (await breaker.WithCircuitBreaker(() => Task.FromResult(1))).ShouldBe(1);
        breaker.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_after_the_reset_opens_it_again()
    {
        var halfOpen = new TaskCompletionSource();
        var opened = 0;
        var breaker = Breaker(1, reset: TimeSpan.FromMilliseconds(100)).OnHalfOpen(() => halfOpen.TrySetResult()).OnOpen(() => Interlocked.Increment(ref opened));
        breaker.Fail();
        await halfOpen.Task.WaitAsync(TimeSpan.FromSeconds(5));
        await Should.ThrowAsync<InvalidOperationException>(() => breaker.WithCircuitBreaker(() => Task.FromException<int>(new InvalidOperationException())));
        await Eventually.True(() => Volatile.Read(ref opened) == 2, "the second opening");
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_a_failure()
    {
        var breaker = Breaker(1, call: Short);
        await Should.ThrowAsync<TimeoutException>(() => breaker.WithCircuitBreaker(() => new TaskCompletionSource<int>().Task));
        breaker.CurrentFailureCount.ShouldBe(1);
    }

    private static object PoisonOf() => FunActor.Do(context => context.Stop(context.Self));
}
