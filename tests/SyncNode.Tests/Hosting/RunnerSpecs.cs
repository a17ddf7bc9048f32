using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Hosting;

/// <summary>How what <c>apply</c> and <c>delete</c> want comes to pipelines, captures and the desks.</summary>
public sealed class RunnerSpecs : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("runner");
    private readonly ConcurrentQueue<object> _told = new();
    private Func<object, object?> _pipelines = message => message switch
    {
        ReplacePipeline replace => new PipelineReplaced(replace.Settings.Name),
        RemovePipeline remove => new PipelineRemoved(remove.Pipeline),
        _ => null,
    };

    private readonly Func<object, object?> _captures = message => message is EndCapture end ? new CaptureEnded(end.Pipeline) : null;

    private DeadLetterDesk _letters = null!;
    private IncidentDesk _incidents = null!;
    private ActorRunner _runner = null!;

    public Task InitializeAsync()
    {
        ActorRegistry.For(_system).Register<PipelinesActor>(_system.ActorOf(Props.Create(() => new Answering(message => Told(message, _pipelines)))));
        ActorRegistry.For(_system).Register<CapturesActor>(_system.ActorOf(Props.Create(() => new Answering(message => Told(message, _captures)))));
        var factory = new NoRooms();
        (_letters, _incidents) = (new DeadLetterDesk(_system, factory), new IncidentDesk(factory));
        _runner = new ActorRunner(_system, _letters, _incidents, new NodePlace(isClustered: false, () => _system), new PipelineBook());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _letters.DisposeAsync();
        await _incidents.DisposeAsync();
        await _system.Terminate();
    }

    [Fact]
    public async Task A_pipeline_that_is_applied_ends_its_capture_first_and_is_known_to_the_desks()
    {
        var shop = Of(null);
        await _runner.ReplaceAsync(shop, CancellationToken.None);
        _told.ShouldBe([new EndCapture("shop"), new ReplacePipeline(shop)], ignoreOrder: true);
        (await _incidents.ListAsync(new IncidentFilter("shop"), null, 5, CancellationToken.None)).ShouldBeEmpty();
        (await _letters.ListAsync(new DeadLetterFilter("shop"), null, 5, CancellationToken.None)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(CaptureMode.Embedded, true), InlineData(CaptureMode.Separate, false), InlineData(CaptureMode.Debezium, false)]
    public async Task It_is_captured_here_only_where_its_manifest_says_so(CaptureMode mode, bool captures)
    {
        await _runner.ReplaceAsync(Of(new KafkaSettings { BootstrapServers = "nowhere:9092", Prefix = "app", Capture = mode }), CancellationToken.None);
        await EventuallyAsync(() => _told.Any(m => m is StartCapture) == captures);
    }

    [Fact]
    public async Task A_pipeline_that_is_deleted_is_known_no_more()
    {
        await _runner.ReplaceAsync(Of(null), CancellationToken.None);
        await _runner.RemoveAsync("shop", CancellationToken.None);
        _told.ShouldContain(new RemovePipeline("shop"));
        (await Should.ThrowAsync<ApiRefusal>(async () => await _incidents.ListAsync(new IncidentFilter("shop"), null, 5, CancellationToken.None))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_is_just_being_changed_is_a_conflict_and_what_is_not_there_is_not_found()
    {
        _pipelines = _ => new Status.Failure(new InvalidOperationException("pipeline 'shop' is just being changed; try again"));
        (await Should.ThrowAsync<ApiRefusal>(_runner.ReplaceAsync(Of(null), CancellationToken.None))).Status.ShouldBe(409);
        _pipelines = _ => new Status.Failure(new KeyNotFoundException("no pipeline 'shop' runs here"));
        (await Should.ThrowAsync<ApiRefusal>(_runner.RemoveAsync("shop", CancellationToken.None))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_mapping_of_one_that_cannot_say_it_is_none()
    {
        _pipelines = _ => new MappingAnswer(PipelineState.Streaming, null, new GraphMapping([]));
        (await _runner.MappingAsync("shop", CancellationToken.None)).ShouldNotBeNull();
        _pipelines = _ => new Status.Failure(new KeyNotFoundException("no pipeline 'shop' runs here"));
        (await _runner.MappingAsync("shop", CancellationToken.None)).ShouldBeNull();
        _pipelines = _ => new Status.Failure(new InvalidOperationException("pipeline 'shop' is being made anew after a failure; try again"));
        (await _runner.MappingAsync("shop", CancellationToken.None)).ShouldBeNull();
    }

    private object? Told(object message, Func<object, object?> answer)
    {
        _told.Enqueue(message);
        return answer(message);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var bounded = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            bounded.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static PipelineSettings Of(KafkaSettings? kafka) => new()
    {
        Name = "shop", Source = new SourceSettings { ConnectionString = "Host=nowhere" }, Target = new TargetSettings { Uri = new Uri("bolt://nowhere:7687") }, Kafka = kafka,
    };

    private sealed class Answering : ReceiveActor
    {
        public Answering(Func<object, object?> answer) => ReceiveAny(message =>
        {
            if (answer(message) is { } said) Sender.Tell(said);
        });
    }

    private sealed class NoRooms : IPipelineFactory
    {
        public IChangeSource CreateSource(PipelineSettings settings) => throw new NotSupportedException();

        public IGraphTarget CreateTarget(PipelineSettings settings) => throw new NotSupportedException();

        public IDeadLetterStore CreateDeadLetters(PipelineSettings settings) => new NoLetters();

        public IIncidentStore CreateIncidents(PipelineSettings settings) => new NoIncidents();

        public (GraphMapping Mapping, IReadOnlyList<string> Warnings) CreateMapping(PipelineSettings settings, DatabaseSchema schema) => throw new NotSupportedException();

        public string? Describe(GraphMapping mapping, in RowOperation operation) => null;
    }

    private sealed class NoIncidents : IIncidentStore
    {
        public Task SaveAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CloseLeftOpenAsync(string pipeline, PipelineRole role, string run, DateTimeOffset at, bool ofThisMachine, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredIncident>>([]);
    }

    private sealed class NoLetters : IDeadLetterStore
    {
        public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> CountAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredDeadLetter>>([]);

        public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
