using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class AsyncSpecs : TestKit
{
    [Fact]
    public void The_next_message_waits_for_an_awaiting_handler()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "waiting");
        ExpectMsg("start waiting");
        actor.Tell(FunActor.Await(async context =>
        {
            await gate.Task;
            context.Sender.Tell("first");
        }));
        actor.Tell("second");
        ExpectNoMsg(50);
        gate.SetResult();
        ExpectMsg("first");
        ExpectMsg("second");
    }

    [Fact]
    public void Sender_and_context_are_the_same_after_each_await()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        actor.Tell(FunActor.Await(async context =>
        {
            for (var i = 0; i < 10; i++)
            {
                await Task.Yield();
                await Task.Delay(1);
                context.Sender.Tell(context.Self);
            }
        }));
        for (var i = 0; i < 10; i++)
            ExpectMsg(actor);
    }

    [Fact]
    public void An_exception_after_an_await_reaches_the_supervisor()
    {
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "failing");
        ExpectMsg("start failing");
        actor.Tell(FunActor.Await(async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("late");
        }));
        actor.Tell("next");
        ExpectMsg("pre-restart failing: late");
        ExpectMsg("stop failing");
        ExpectMsg("post-restart failing: late");
        ExpectMsg("start failing");
        ExpectMsg("next");
    }

    [Fact]
    public void An_exception_before_the_first_await_reaches_the_supervisor()
    {
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "failing");
        ExpectMsg("start failing");
        actor.Tell(FunActor.Await(_ => throw new InvalidOperationException("early")));
        ExpectMsg("pre-restart failing: early");
    }

    [Fact]
    public async Task Ask_gets_the_answer()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        (await actor.Ask<int>(42, TimeSpan.FromSeconds(5))).ShouldBe(42);
    }

    [Fact]
    public async Task Ask_gives_up_in_time() =>
        await Should.ThrowAsync<AskTimeoutException>(async () => await Sys.ActorOf(FunActor.Props(ActorRefs.Nobody)).Ask<string>("silence", TimeSpan.FromMilliseconds(20)));

    [Fact]
    public async Task Ask_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var asking = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody)).Ask<string>("silence", cancel.Token);
        cancel.Cancel();
        await Should.ThrowAsync<TaskCanceledException>(async () => await asking);
    }

    [Fact]
    public async Task A_failure_as_the_answer_is_thrown()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));
        var fail = FunActor.Do(context => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no"))));
        (await Should.ThrowAsync<InvalidOperationException>(async () => await actor.Ask<int>(fail, TimeSpan.FromSeconds(5)))).Message.ShouldBe("no");
    }

    [Fact]
    public void PipeTo_sends_the_result()
    {
        Task.FromResult(7).PipeTo(TestActor);
        ExpectMsg(7);
        Task.FromResult(7).PipeTo(TestActor, success: number => number + 1);
        ExpectMsg(8);
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
    }

    [Fact]
    public void PipeTo_sends_the_failure()
    {
        Task.FromException<int>(new InvalidOperationException("no")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>().Cause.Message.ShouldBe("no");
        Task.FromException(new InvalidOperationException("no")).PipeTo(TestActor, failure: cause => cause.Message);
        ExpectMsg("no");
    }

    [Fact]
    public async Task GracefulStop_waits_for_the_end()
    {
        var actor = Sys.ActorOf(FunActor.Props(TestActor), "graceful");
        ExpectMsg("start graceful");
        (await actor.GracefulStop(TimeSpan.FromSeconds(5))).ShouldBeTrue();
        ExpectMsg("stop graceful");
    }

    [Fact]
    public async Task A_selection_finds_actors_by_path()
    {
        var actor = Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "found");
        (await Sys.ActorSelection("/user/found").ResolveOne(TimeSpan.FromSeconds(5))).ShouldBe(actor);
        (await Sys.ActorSelection("/user/fo*").Ask<int>(5, TimeSpan.FromSeconds(5))).ShouldBe(5);
        await Should.ThrowAsync<ActorNotFoundException>(async () => await Sys.ActorSelection("/user/lost").ResolveOne(TimeSpan.FromSeconds(1)));
    }
}
