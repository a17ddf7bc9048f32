using Akka.Actor;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Pipelines;

public sealed class DeadLetterRetrySpecs(ITestOutputHelper output) : PipelineSpecs(output)
{
    private static readonly PipelineFailure Poison = new(FailureClass.Poison, "refused");

    private static MappingAnswer Mapping(IActorRef pipeline) => pipeline.Ask<MappingAnswer>(new GetMapping("shop"), Soon).GetAwaiter().GetResult();

    private static bool WritesBad(WriteSet set) => set.Operations.Any(o => o.New.Exists && Rows.Text(o.New, 1) == "bad");

    private IActorRef StartedWithLetter()
    {
        Factory.Target.Before = set => WritesBad(set) ? throw Poison : Task.CompletedTask;
        var pipeline = Started();
        Factory.Source.Put(new Rows(100).Insert(1, "a").Insert(2, "bad").Batch());
        AwaitAssert(() => Status(pipeline).DeadLetters.ShouldBe(1), Soon);
        return pipeline;
    }

    [Fact]
    public void A_retry_asks_the_source_and_what_comes_settles_the_letter()
    {
        var pipeline = StartedWithLetter();
        Factory.Letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);

        pipeline.Tell(new RetryDeadLetters("shop"), ActorRefs.NoSender);
        AwaitAssert(() => Factory.Source.Refreshed.ShouldNotBeEmpty(), Soon);
        Factory.Source.Put(new Rows(200).Again(2, "good").Batch());

        AwaitAssert(() => Status(pipeline).DeadLetters.ShouldBe(0), Soon);
        Factory.Letters.Open.ShouldBeEmpty();
        Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(200)));
    }

    [Fact]
    public void A_run_that_ended_before_its_answer_is_followed_by_one_that_asks_again()
    {
        var pipeline = StartedWithLetter();
        AwaitAssert(() => Factory.Target.State.Position.ShouldBe(Position.EndOf(new Lsn(100))), Soon);
        Factory.Letters.RetryAsync(new DeadLetterFilter("shop"), CancellationToken.None);
        var first = Factory.Source;

        Renew(pipeline).Tell(new StartPipeline(Settings.Of()), ActorRefs.NoSender);

        AwaitAssert(() => Factory.Source.ShouldNotBe(first), Soon);
        AwaitAssert(() => Factory.Source.Refreshed.ShouldNotBeEmpty(), Soon);
    }

    [Fact]
    public void Who_asks_is_told_what_the_pipeline_takes_and_it_hears_of_letters_that_were_closed()
    {
        var pipeline = StartedWithLetter();
        Mapping(pipeline).Mapping.ShouldNotBeNull();

        pipeline.Tell(new DeadLettersClosed("shop", 0), ActorRefs.NoSender);

        AwaitAssert(() => Status(pipeline).DeadLetters.ShouldBe(0), Soon);
        pipeline.Tell(new PausePipeline("shop", "night"), CreateTestProbe().Ref);
        AwaitAssert(() => Mapping(pipeline).ShouldBe(new MappingAnswer(PipelineState.Paused, "night", null)), Soon);
    }
}
