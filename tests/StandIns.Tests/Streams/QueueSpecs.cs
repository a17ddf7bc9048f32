using Akka.Pattern;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace StandIns.Tests.Streams;

public sealed class QueueSpecs : StreamsSpecs
{
    [Fact]
    public async Task An_offer_waits_while_the_buffer_is_full_and_only_one_may()
    {
        var inHand = new TaskCompletionSource();
        var (queue, sink) = Source.Queue<int>(1, OverflowStrategy.Backpressure)
            .SelectAsync(1, n =>
            {
                inHand.TrySetResult();
                return Never(n);
            })
            .ToMaterialized(Sink.Ignore<int>(), Keep.Both).Run(Materializer);

        (await queue.OfferAsync(1).WaitAsync(Soon)).ShouldBe(QueueOfferResult.Enqueued.Instance);
        await inHand.Task.WaitAsync(Soon);
        (await queue.OfferAsync(2).WaitAsync(Soon)).ShouldBe(QueueOfferResult.Enqueued.Instance);
        var waiting = queue.OfferAsync(3);
        await Should.ThrowAsync<IllegalStateException>(() => queue.OfferAsync(4).WaitAsync(Soon));
        waiting.IsCompleted.ShouldBeFalse();
        sink.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(OverflowStrategy.DropHead, new[] { 1, 4, 5 })]
    [InlineData(OverflowStrategy.DropTail, new[] { 1, 2, 5 })]
    [InlineData(OverflowStrategy.DropNew, new[] { 1, 2, 3 })]
    [InlineData(OverflowStrategy.DropBuffer, new[] { 1, 4, 5 })]
    public async Task A_full_queue_drops_as_its_strategy_says(OverflowStrategy strategy, int[] kept)
    {
        var (inHand, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (queue, seen) = Source.Queue<int>(2, strategy).SelectAsync(1, async n =>
        {
            inHand.TrySetResult();
            await gate.Task;
            return n;
        }).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(Materializer);

        await queue.OfferAsync(1).WaitAsync(Soon);
        await inHand.Task.WaitAsync(Soon);
        foreach (var n in Enumerable.Range(2, 4))
            await queue.OfferAsync(n).WaitAsync(Soon);
        queue.Complete();
        gate.SetResult();
        (await seen.WaitAsync(Soon)).ShouldBe(kept);
    }

    [Fact]
    public async Task Completing_lets_what_is_buffered_out()
    {
        var (queue, seen) = Source.Queue<int>(10, OverflowStrategy.Backpressure).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(Materializer);

        foreach (var n in Enumerable.Range(1, 5))
            await queue.OfferAsync(n);
        queue.Complete();
        (await seen.WaitAsync(Soon)).ShouldBe([1, 2, 3, 4, 5]);
        await queue.WatchCompletionAsync().WaitAsync(Soon);
        await Should.ThrowAsync<StreamDetachedException>(() => queue.OfferAsync(6).WaitAsync(Soon));
    }

    [Fact]
    public async Task Failing_the_queue_fails_the_stream()
    {
        var (queue, seen) = Source.Queue<int>(10, OverflowStrategy.Backpressure).ToMaterialized(Sink.Seq<int>(), Keep.Both).Run(Materializer);

        queue.Fail(new InvalidOperationException("stop"));
        await Should.ThrowAsync<InvalidOperationException>(() => seen.WaitAsync(Soon));
        await Should.ThrowAsync<InvalidOperationException>(() => queue.WatchCompletionAsync().WaitAsync(Soon));
    }

    [Fact]
    public async Task A_sink_queue_gives_each_element_then_none()
    {
        var queue = Source.From([1, 2]).RunWith(Sink.Queue<int>(), Materializer);

        (await queue.PullAsync().WaitAsync(Soon)).Value.ShouldBe(1);
        (await queue.PullAsync().WaitAsync(Soon)).Value.ShouldBe(2);
        (await queue.PullAsync().WaitAsync(Soon)).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task Ticks_come_until_they_are_cancelled()
    {
        var (ticks, seen) = Source.Tick(TimeSpan.Zero, TimeSpan.FromMilliseconds(5), "tick")
            .Scan(0, (n, _) => n + 1).TakeWhile(n => n < 5).ToMaterialized(Sink.Last<int>(), Keep.Both).Run(Materializer);

        (await seen.WaitAsync(Soon)).ShouldBe(4);
        ticks.Cancel();
    }

    [Fact]
    public async Task Merging_brings_all_of_both()
    {
        var seen = await Source.From(Enumerable.Range(1, 100)).Merge(Source.From(Enumerable.Range(101, 100)))
            .RunWith(Sink.Seq<int>(), Materializer).WaitAsync(Soon);

        seen.Order().ShouldBe(Enumerable.Range(1, 200));
    }

    [Fact]
    public async Task Sources_are_flattened_one_after_another()
    {
        var seen = await Source.From([1, 2, 3]).ConcatMany(n => Source.From(Enumerable.Repeat(n, n)))
            .SelectMany(n => new[] { n, -n }).Where(n => n > 0).Skip(1).Grouped(2)
            .RunWith(Sink.Seq<IEnumerable<int>>(), Materializer).WaitAsync(Soon);

        seen.Select(g => string.Join("+", g)).ShouldBe(["2+2", "3+3", "3"]);
    }

    private static async Task<int> Never(int n)
    {
        await new TaskCompletionSource().Task;
        return n;
    }
}
