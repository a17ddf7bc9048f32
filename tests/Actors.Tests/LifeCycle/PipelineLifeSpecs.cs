using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.LifeCycle;

public class PipelineLifeSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private static readonly PipelineFailure NoSlot = new(FailureClass.Fatal, "the slot is gone") { ExitCode = ExitCode.SourceUnfit };

    private readonly PipelineLife _running = PipelineLife.New;
    private readonly PipelineLife _paused = PipelineLife.New.After(new PipelineWasPaused("night", Now));
    private readonly PipelineLife _failed = PipelineLife.New.After(new PipelineHasFailed(NoSlot.Class, NoSlot.ExitCode, NoSlot.Message, Now));

    [Fact]
    public void A_failed_pipeline_remembers_why_and_since_when()
    {
        _failed.Wish.ShouldBe(LifeWish.Failed);
        _failed.Since.ShouldBe(Now);
        _failed.Failure!.Message.ShouldBe(NoSlot.Message);
        _failed.Failure.ExitCode.ShouldBe(ExitCode.SourceUnfit);
    }

    [Fact]
    public void A_start_tries_a_failed_pipeline_afresh_and_leaves_a_paused_one_be()
    {
        _failed.Start(Now).ShouldBe(new PipelineWasResumed(Now));
        _paused.Start(Now).ShouldBeNull();
        _running.Start(Now).ShouldBeNull();
    }

    [Fact]
    public void Resuming_ends_a_pause_and_a_failure()
    {
        _paused.After(_paused.Resume(Now)!).ShouldBe(_running);
        _failed.After(_failed.Resume(Now)!).ShouldBe(_running);
        _running.Resume(Now).ShouldBeNull();
    }

    [Fact]
    public void Nothing_happens_twice()
    {
        _paused.Pause("again", Now).ShouldBeNull();
        _failed.Fail(NoSlot, Now).ShouldBeNull();
    }

    [Fact]
    public void A_pause_may_follow_a_failure_and_a_failure_a_pause()
    {
        _failed.After(_failed.Pause(null, Now)!).Wish.ShouldBe(LifeWish.Paused);
        _paused.After(_paused.Fail(NoSlot, Now)!).Wish.ShouldBe(LifeWish.Failed);
    }
}
