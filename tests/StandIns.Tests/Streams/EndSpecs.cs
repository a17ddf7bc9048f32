using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace StandIns.Tests.Streams;

/// <summary>How completion, failure and cancelling travel.</summary>
public sealed class EndSpecs : StreamsSpecs
{
    [Fact]
    public async Task A_failure_travels_to_the_sink_and_cancels_the_source()
    {
        var disposed = new TaskCompletionSource();
        var result = Source.From(() => Numbers(disposed))
            .Select(n => n == 3 ? throw new InvalidOperationException("three") : n)
            .RunWith(Sink.Seq<int>(), Materializer);

        (await Should.ThrowAsync<InvalidOperationException>(() => result.WaitAsync(Soon))).Message.ShouldBe("three");
        await disposed.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task Cancelling_disposes_an_async_source_and_cancels_its_token()
    {
        var (started, disposed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (kill, done) = Source.From(() => Silent(started, disposed))
            .ViaMaterialized(KillSwitches.Single<int>(), Keep.Right)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both)
            .Run(Materializer);

        await started.Task.WaitAsync(Soon);
        kill.Shutdown();
        (await done.WaitAsync(Soon)).ShouldBeEmpty();
        await disposed.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task Aborting_a_kill_switch_fails_downstream()
    {
        var (kill, done) = Source.Maybe<string>()
            .ViaMaterialized(KillSwitches.Single<string>(), Keep.Right)
            .ToMaterialized(Sink.Ignore<string>(), Keep.Both)
            .Run(Materializer);

        kill.Abort(new TimeoutException("enough"));
        var failure = await Should.ThrowAsync<AggregateException>(() => done.WaitAsync(Soon));
        failure.InnerException.ShouldBeOfType<TimeoutException>().Message.ShouldBe("enough");
    }

    [Fact]
    public async Task A_shared_kill_switch_ends_every_stream_it_is_in_and_later_ones()
    {
        var kill = KillSwitches.Shared("all");
        Task<Done> Run() => Source.Maybe<int>().Via(kill.Flow<int>()).RunWith(Sink.Ignore<int>(), Materializer);

        var (one, two) = (Run(), Run());
        kill.Shutdown();
        await Task.WhenAll(one, two, Run()).WaitAsync(Soon);
    }

    [Fact]
    public async Task Taking_enough_cancels_upstream_and_counts_as_done()
    {
        var (watched, taken) = Source.From(() => Numbers(new TaskCompletionSource()))
            .WatchTermination(Keep.Right)
            .Take(2)
            .ToMaterialized(Sink.Seq<int>(), Keep.Both)
            .Run(Materializer);

        (await taken.WaitAsync(Soon)).ShouldBe([1, 2]);
        await watched.WaitAsync(Soon);
    }

    [Fact]
    public async Task Watching_tells_of_a_failure()
    {
        var watched = Source.Failed<int>(new FormatException("bad")).WatchTermination(Keep.Right).To(Sink.Ignore<int>()).Run(Materializer);

        await Should.ThrowAsync<FormatException>(() => watched.WaitAsync(Soon));
    }

    [Fact]
    public async Task An_empty_stream_has_no_first_element()
    {
        await Should.ThrowAsync<NoSuchElementException>(() => Source.Empty<int>().RunWith(Sink.First<int>(), Materializer).WaitAsync(Soon));
        (await Source.From([7, 8]).RunWith(Sink.First<int>(), Materializer).WaitAsync(Soon)).ShouldBe(7);
    }

    [Fact]
    public async Task Shutting_the_materializer_down_fails_what_runs()
    {
        var done = Source.Maybe<int>().RunWith(Sink.Ignore<int>(), Materializer);

        Materializer.Shutdown();
        await Should.ThrowAsync<AbruptTerminationException>(() => done.WaitAsync(Soon));
        Materializer.IsShutdown.ShouldBeTrue();
    }

    [Fact]
    public void A_system_has_one_materializer_for_all_who_ask() => Sys.Materializer().ShouldBeSameAs(Materializer);

    [Fact]
    public async Task Recovery_switches_to_another_source()
    {
        var seen = await Source.From([1, 2, 3])
            .Select(n => n == 3 ? throw new InvalidOperationException() : n)
            .RecoverWithRetries(_ => Source.From([30, 40]), 1)
            .RunWith(Sink.Seq<int>(), Materializer).WaitAsync(Soon);

        seen.ShouldBe([1, 2, 30, 40]);
    }

    [Fact]
    public async Task A_restarting_source_goes_on_after_failures_until_it_may_not()
    {
        var starts = 0;
        var settings = RestartSettings.Create(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), 0).WithMaxRestarts(2, TimeSpan.FromSeconds(30));
        var seen = new List<int>();
        var done = RestartSource.OnFailuresWithBackoff(() =>
        {
            var start = Interlocked.Increment(ref starts);
            return Source.Single(start).Concat(Source.Failed<int>(new InvalidOperationException($"start {start}")));
        }, settings).RunForeach(seen.Add, Materializer);

        (await Should.ThrowAsync<InvalidOperationException>(() => done.WaitAsync(Soon))).Message.ShouldBe("start 3");
        seen.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_restarting_source_starts_again_after_completion()
    {
        var starts = 0;
        var settings = RestartSettings.Create(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), 0);

        var seen = await RestartSource.WithBackoff(() => Source.Single(Interlocked.Increment(ref starts)), settings)
            .Take(3).RunWith(Sink.Seq<int>(), Materializer).WaitAsync(Soon);

        seen.ShouldBe([1, 2, 3]);
    }

    private static async IAsyncEnumerable<int> Numbers(TaskCompletionSource disposed, [EnumeratorCancellation] CancellationToken stop = default)
    {
        try
        {
            for (var n = 1; ; n++)
            {
                await Task.Yield();
                yield return n;
            }
        }
        finally
        {
            disposed.TrySetResult();
        }
    }

    private static async IAsyncEnumerable<int> Silent(TaskCompletionSource started, TaskCompletionSource disposed, [EnumeratorCancellation] CancellationToken stop = default)
    {
        try
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            yield return 0;
        }
        finally
        {
            disposed.TrySetResult();
        }
    }
}
