using System.Diagnostics;
using Akka.Actor;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Kafka.Consuming;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using Xunit.Abstractions;

namespace PolyglotSync.Kafka.Tests.Consuming;

[Collection(nameof(Broker))]
public sealed class KafkaChangeSourceSpecs : IAsyncLifetime
{
    private static readonly SourceIdentity Identity = new("1", "d");

    private readonly Broker _broker;
    private readonly ITestOutputHelper _output;
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(60));
    private readonly ActorSystem _system = ActorSystem.Create("reading", KafkaExtensions.DefaultSettings);
    private readonly Story _story = new(5);
    private readonly FakeTopics _topics;
    private KafkaSettings _settings = null!;
    private RealTopics _real = null!;

    public KafkaChangeSourceSpecs(Broker broker, ITestOutputHelper output)
    {
        (_broker, _output) = (broker, output);
        _topics = new FakeTopics(_story, 5);
        _topics.WriteAll();
    }

    public Task InitializeAsync()
    {
        if (Broker.Missing is not null) return Task.CompletedTask;
        _settings = _broker.Settings() with { SessionTimeoutMs = 6_000 };
        _real = new RealTopics(_broker, _settings);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_real is not null) _real.Dispose();
        await _system.Terminate();
        _stop.Dispose();
    }

    [SkippableFact]
    public async Task Topics_are_read_as_they_were_captured_and_read_on_after_a_restart()
    {
        await WriteAsync();
        var graph = new Graph();
        await using (var source = Source())
        {
            await source.PrepareAsync(_story.Mapping, _stop.Token);
            await graph.ReadAsync(source, batches: 3, _stop.Token);
        }
        await using (var source = Source())
        {
            await source.PrepareAsync(_story.Mapping, _stop.Token);
            await graph.ReadAsync(source, until: _topics.Last.Watermark, _stop.Token);
            source.Progress.MessagesBehind.ShouldBe(0);
        }
        Following.ShouldBeSame(graph.Applied, _topics.Expected);
    }

    /// <summary>A read that hears late that its run is over made a member of the group that nobody ended, and had the cuts for good: seed 10 of the fault runs.</summary>
    [SkippableFact]
    public async Task A_source_that_is_closed_joins_the_group_no_more()
    {
        await WriteAsync();
        var closed = Source();
        await closed.PrepareAsync(_story.Mapping, _stop.Token);
        await closed.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => closed.PrepareAsync(_story.Mapping, _stop.Token));
        await using var next = Source();
        await next.PrepareAsync(_story.Mapping, _stop.Token);
    }

    [SkippableFact]
    public async Task A_reader_waits_until_somebody_captures_and_says_so_and_then_follows_live()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        await using var source = Source();
        var prepared = source.PrepareAsync(_story.Mapping, _stop.Token);
        await UntilAsync(() => source.Progress.Waiting is { IsStandby: false } wait && wait.Reason.Contains("polysync capture", StringComparison.Ordinal));
        prepared.IsCompleted.ShouldBeFalse();
        await _real.MakeAsync(_topics.Messages);
        _real.Write(_topics.Records.Take(2));
        await prepared;
        source.Progress.Waiting.ShouldBeNull();
        var graph = new Graph();
        var reading = graph.ReadAsync(source, until: _topics.Last.Watermark, _stop.Token);
        _real.Write(_topics.Messages);
        foreach (var part in _topics.Records.Skip(2).Chunk(4)) _real.Write(part);
        await reading;
        Following.ShouldBeSame(graph.Applied, _topics.Expected);
    }

    [SkippableFact]
    public async Task Topics_of_another_source_are_refused()
    {
        await WriteAsync();
        await using var source = Source(new SourceIdentity("2", "other"));
        var failure = await Should.ThrowAsync<PipelineFailure>(() => source.PrepareAsync(_story.Mapping, _stop.Token));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("hold changes of database 'd' of system 1");
    }

    [SkippableFact]
    public async Task What_retention_ate_stops_with_what_to_do()
    {
        await WriteAsync();
        var topic = _real.Named(_topics.Messages.Keys.First());
        using (var admin = _broker.Admin()) await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, Offset.End)]);
        await using var source = Source();
        await source.PrepareAsync(_story.Mapping, _stop.Token);
        var failure = await Should.ThrowAsync<PipelineFailure>(() => new Graph().ReadAsync(source, until: _topics.Last.Watermark, _stop.Token));
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.BrokerUnfit));
        failure.Message.ShouldContain(topic);
        failure.Message.ShouldContain("retention");
        failure.Message.ShouldContain("begin anew: stop capture and nodes");
    }

    [SkippableFact]
    public async Task A_deleted_topic_stops_with_what_to_do()
    {
        await WriteAsync();
        var topic = _real.Named(_topics.Messages.Keys.First());
        await using var source = Source();
        await source.PrepareAsync(_story.Mapping, _stop.Token);
        using (var admin = _broker.Admin()) await admin.DeleteTopicsAsync([topic]);
        var failure = await Should.ThrowAsync<PipelineFailure>(async () =>
        {
            while (true)
            {
                try
                {
                    await new Graph().ReadAsync(source, until: _topics.Last.Watermark, _stop.Token);
                }
                catch (PipelineFailure transient) when (transient.Class == FailureClass.Transient)
                {
                    // the broker deletes by and by
                }
            }
        });
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.BrokerUnfit));
    }

    [SkippableFact]
    public async Task One_node_reads_and_the_next_follows_when_it_goes()
    {
        await WriteAsync();
        // of equals the group chooses by name: one that joins would take the cuts over in every other run
        var first = Source(client: "a");
        await first.PrepareAsync(_story.Mapping, _stop.Token);
        await using var second = Source(client: "b");
        var waiting = second.PrepareAsync(_story.Mapping, _stop.Token);
        await UntilAsync(() => second.Progress.Waiting is { IsStandby: true });
        var graph = new Graph();
        await graph.ReadAsync(first, batches: 2, _stop.Token);
        waiting.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await waiting;
        await graph.ReadAsync(second, until: _topics.Last.Watermark, _stop.Token);
        Following.ShouldBeSame(graph.Applied, _topics.Expected);
    }

    [SkippableFact]
    public async Task A_graph_that_was_filled_otherwise_is_not_touched()
    {
        await WriteAsync();
        await using var source = Source();
        await source.PrepareAsync(_story.Mapping, _stop.Token);
        var directly = new Graph { Cut = new Cut(Position.EndOf(new Lsn(5)), new Lsn(6)) };
        (await Should.ThrowAsync<PipelineFailure>(() => directly.ReadAsync(source, batches: 1, _stop.Token))).Message.ShouldContain("was not read through Kafka before");
        var elsewhere = new Graph { Cut = new Cut(Position.EndOf(new Lsn(5)), new Lsn(6), "other|1:2") };
        (await Should.ThrowAsync<PipelineFailure>(() => elsewhere.ReadAsync(source, batches: 1, _stop.Token))).Message.ShouldContain("prefix 'other'");
    }

    [SkippableFact]
    public async Task A_hundred_thousand_rows_are_read_in_a_moment()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        const int rows = 100_000;
        var messages = _topics.Messages.ToDictionary(m => m.Key, _ => Enumerable.Range(0, 4).Select(_ => new List<RawMessage>()).ToArray());
        var relation = new Relation(new TableName("public", "users"), [.. Enumerable.Range(0, 5).Select(i => new RelationColumn(i == 0 ? "id" : $"c{i}", new PgType("text", PgKind.Text)))], ["id"]);
        var writer = new EnvelopeWriter(new EnvelopeOrigin(_settings.Prefix, "d", "1", 1), TimeProvider.System);
        for (var i = 0; i < rows; i++)
        {
            var batch = Envelope.Images.Batch(relation, ChangeKind.Insert, [$"{i}", "a name", "somebody@example.org", "2024-01-01", "12.50"], position: new Position(new Lsn((ulong)(1000 + i / 10)), i % 10));
            var message = writer.Write(batch, batch.Entries[0], i + 1)[0];
            messages["app.public.users"][i % 4].Add(new RawMessage(0, message.Key.ToArray(), message.Value.ToArray()));
            batch.Release();
        }
        var ends = messages.ToDictionary(m => m.Key, m => m.Value.Select(p => (long)p.Count).ToArray());
        await _real.MakeAsync(messages);
        _real.Write(messages);
        _real.Write([
            new ClaimRecord { Epoch = 1, By = Guid.NewGuid() },
            new EpochRecord { Epoch = 1, Source = Identity, Position = Position.Start, Watermark = Lsn.Zero, Copy = CopyState.Empty, Offsets = new Dictionary<string, long[]>(), Ends = ends.ToDictionary(e => e.Key, e => new long[e.Value.Length]) },
            new RelationRecord { Epoch = 1, Change = 1, Table = relation.Table, At = Position.Start, Columns = relation.Columns, Key = ["id"] },
            new CutRecord { Epoch = 1, Change = rows, Position = Position.EndOf(new Lsn(20_000)), Watermark = new Lsn(20_001), Offsets = ends },
        ]);
        await using var source = Source();
        await source.PrepareAsync(_story.Mapping, _stop.Token);
        var read = 0;
        var start = Stopwatch.GetTimestamp();
        await foreach (var batch in source.ReadAsync(Cut.Start, CopyState.Empty, _stop.Token))
        {
            read += batch.Count;
            batch.Release();
            if (read == rows) break;
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _output.WriteLine($"{rows / seconds:0} rows/s");
        (rows / seconds).ShouldBeGreaterThan(20_000);
    }

    private async Task WriteAsync()
    {
        Skip.If(Broker.Missing is not null, Broker.Missing);
        await _real.MakeAsync(_topics.Messages);
        _real.Write(_topics.Messages);
        _real.Write(_topics.Records);
    }

    private KafkaChangeSource Source(SourceIdentity? identity = null, string? client = null) => new(
        new PipelineSettings { Name = _settings.Prefix, Source = new SourceSettings { ConnectionString = "" }, Target = new TargetSettings { Uri = new Uri("bolt://x") }, Kafka = _settings with { ClientId = client } },
        new FakeDatabase(), _ => Task.FromResult(identity ?? Identity), () => _system, NullLoggerFactory.Instance);

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(20, _stop.Token);
    }

    /// <summary>Keeps what it was given.</summary>
    private sealed class Graph
    {
        private CopyState _copy = CopyState.Empty;

        public List<string> Applied { get; } = [];

        public Cut Cut { get; set; } = Cut.Start;

        public Task ReadAsync(KafkaChangeSource source, int batches, CancellationToken stop) => ReadAsync(source, () => batches-- == 0, stop);

        public Task ReadAsync(KafkaChangeSource source, Lsn until, CancellationToken stop) => ReadAsync(source, () => Cut.Watermark >= until, stop);

        private async Task ReadAsync(KafkaChangeSource source, Func<bool> isEnough, CancellationToken stop)
        {
            var open = new List<string>();
            if (isEnough()) return;
            await foreach (var batch in source.ReadAsync(Cut, _copy, stop))
            {
                open.AddRange(batch.Entries.ToArray().Select(e => Happening.LineOf(batch, e)));
                if (batch.Cut is { } cut)
                {
                    Applied.AddRange(open);
                    open.Clear();
                    (Cut, _copy) = (cut, batch.CopyState ?? _copy);
                }
                batch.Release();
                if (isEnough()) return;
            }
        }
    }
}
