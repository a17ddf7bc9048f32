using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace StandIns.Tests.Streams;

public sealed class BackpressureSpecs : StreamsSpecs
{
    private int _made;

    private Source<int, NotUsed> Counting() => Source.From(Count());

    private IEnumerable<int> Count()
    {
        while (true)
            yield return Interlocked.Increment(ref _made);
    }

    [Fact]
    public async Task Nothing_is_read_that_nobody_asked_for()
    {
        var release = new TaskCompletionSource();
        var seen = new TaskCompletionSource();
        var done = Counting().Select(n => n * 2).SelectAsync(1, async n =>
        {
            seen.TrySetResult();
            await release.Task;
            return n;
        }).Take(3).RunWith(Sink.Seq<int>(), Materializer);

        await seen.Task.WaitAsync(Soon);
        Volatile.Read(ref _made).ShouldBeInRange(1, 2); // an enumerable is asked whether it has another
        release.SetResult();
        (await done.WaitAsync(Soon)).ShouldBe([2, 4, 6]);
        Volatile.Read(ref _made).ShouldBeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_buffer_reads_ahead_by_its_size_and_no_more()
    {
        var hold = new TaskCompletionSource();
        var done = Counting().Buffer(8, OverflowStrategy.Backpressure).SelectAsync(1, async n =>
        {
            await hold.Task;
            return n;
        }).Take(20).RunWith(Sink.Seq<int>(), Materializer);

        await Eventually.True(() => Volatile.Read(ref _made) >= 9, "eight buffered and one in hand");
        await Task.Yield();
        Volatile.Read(ref _made).ShouldBeLessThanOrEqualTo(10);
        hold.SetResult();
        (await done.WaitAsync(Soon)).ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task A_batch_grows_while_downstream_is_busy_up_to_its_cost()
    {
        var gate = new SemaphoreSlim(0);
        var sizes = Source.From(Enumerable.Range(1, 100))
            .Select(n => Interlocked.Exchange(ref _made, n))
            .BatchWeighted(10, _ => 1L, _ => 1, (n, _) => n + 1)
            .SelectAsync(1, async n =>
            {
                await gate.WaitAsync();
                return n;
            })
            .RunWith(Sink.Seq<int>(), Materializer);

        await Eventually.True(() => Volatile.Read(ref _made) > 10, "the first batch in hand and the next full");
        gate.Release(100);
        var all = await sizes.WaitAsync(Soon);
        all.Sum().ShouldBe(100);
        all.Max().ShouldBeLessThanOrEqualTo(10);
        all.Count.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Conflate_keeps_reading_while_downstream_is_busy()
    {
        var gate = new SemaphoreSlim(0);
        var sums = Source.From(Enumerable.Range(1, 50))
            .Select(n => Interlocked.Exchange(ref _made, n) * 0 + n)
            .Conflate((a, b) => a + b)
            .SelectAsync(1, async n =>
            {
                await gate.WaitAsync();
                return n;
            })
            .RunWith(Sink.Seq<int>(), Materializer);

        await Eventually.True(() => Volatile.Read(ref _made) == 50, "all read");
        gate.Release(100);
        var all = await sums.WaitAsync(Soon);
        all.Sum().ShouldBe(1275);
        all.Count.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Groups_are_cut_by_size_and_by_time()
    {
        var (queue, groups) = Source.Queue<int>(16, OverflowStrategy.Backpressure)
            .GroupedWithin(3, TimeSpan.FromMilliseconds(50))
            .Select(g => g.ToArray())
            .ToMaterialized(Sink.Queue<int[]>(), Keep.Both)
            .Run(Materializer);

        foreach (var n in Enumerable.Range(1, 4))
            (await queue.OfferAsync(n)).ShouldBe(QueueOfferResult.Enqueued.Instance);
        var got = new List<int>();
        while (got.Count < 4)
            got.AddRange((await groups.PullAsync().WaitAsync(Soon)).Value);
        got.ShouldBe([1, 2, 3, 4]);
        queue.Complete();
        (await groups.PullAsync().WaitAsync(Soon)).HasValue.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_tasks_run_at_once_and_keep_their_order()
    {
        var running = 0;
        var most = 0;
        var results = await Source.From(Enumerable.Range(1, 40)).SelectAsync(4, async n =>
        {
            var now = Interlocked.Increment(ref running);
            lock (this)
                most = Math.Max(most, now);
            await Task.Delay(n % 3);
            Interlocked.Decrement(ref running);
            return n;
        }).RunWith(Sink.Seq<int>(), Materializer).WaitAsync(Soon);

        results.ShouldBe(Enumerable.Range(1, 40));
        most.ShouldBeInRange(2, 4);
    }

    [Fact]
    public async Task Unordered_tasks_come_as_they_are_ready()
    {
        var first = new TaskCompletionSource<int>();
        var seen = new List<int>();
        var done = Source.From([1, 2, 3])
            .SelectAsyncUnordered(3, n => n == 1 ? first.Task : Task.FromResult(n))
            .RunForeach(n =>
            {
                seen.Add(n);
                if (seen.Count == 2)
                    first.SetResult(1);
            }, Materializer);

        await done.WaitAsync(Soon);
        seen.Last().ShouldBe(1);
    }
}
