using System.Diagnostics;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace StandIns.Tests.Streams;

public sealed class ActorSinkSpecs : StreamsSpecs
{
    [Fact]
    public async Task Each_element_waits_for_the_acknowledgement_of_the_one_before()
    {
        var all = new TaskCompletionSource<string>();
        var target = Sys.ActorOf(Props.Create(() => new Acknowledging(all)));

        Source.From([1, 2, 3]).RunWith(Sink.ActorRefWithAck<int>(target, "init", "ack", "complete"), Materializer);
        (await all.Task.WaitAsync(Soon)).ShouldBe("init 1 2 3 complete");
    }

    [Theory]
    [InlineData(null, 16)]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    public async Task It_reads_as_many_ahead_as_its_input_buffer_holds(int? max, int expected)
    {
        var read = 0;
        var sink = Sink.ActorRefWithAck<int>(Sys.ActorOf(Props.Create(() => new Silent())), "init", "ack", "complete");
        if (max is { } size)
            sink = sink.WithAttributes(Attributes.CreateInputBuffer(size, size));

        Source.From(Enumerable.Range(1, 100)).Select(i => { Interlocked.Increment(ref read); return i; }).RunWith(sink, Materializer);

        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref read) < expected && waited.Elapsed < Soon;)
            await Task.Delay(10);
        // and no more
        await Task.Delay(100);
        Volatile.Read(ref read).ShouldBe(expected);
    }

    [Fact]
    public async Task The_stream_is_cancelled_when_the_actor_stops()
    {
        var target = Sys.ActorOf(Props.Create(() => new Acknowledging(new TaskCompletionSource<string>())));
        var watched = Source.Maybe<int>().WatchTermination(Keep.Right).To(Sink.ActorRefWithAck<int>(target, "init", "ack", "complete")).Run(Materializer);

        Sys.Stop(target);
        await watched.WaitAsync(Soon);
    }

    [Fact]
    public async Task Streams_of_an_actor_end_with_it()
    {
        var stream = new TaskCompletionSource<Task>();
        var owner = Sys.ActorOf(Props.Create(() => new Owner(stream)));
        var running = await stream.Task.WaitAsync(Soon);

        Sys.Stop(owner);
        await Should.ThrowAsync<AbruptTerminationException>(() => running.WaitAsync(Soon));
    }

    private sealed class Acknowledging(TaskCompletionSource<string> all) : UntypedActor
    {
        private readonly List<object> _seen = [];

        protected override void OnReceive(object message)
        {
            _seen.Add(message);
            if (message.Equals("complete"))
                all.SetResult(string.Join(" ", _seen));
            else
                Sender.Tell("ack");
        }
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Owner : UntypedActor
    {
        public Owner(TaskCompletionSource<Task> stream)
            => stream.SetResult(Source.Maybe<int>().RunWith(Sink.Ignore<int>(), Context.Materializer()));

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
