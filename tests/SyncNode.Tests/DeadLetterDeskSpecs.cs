using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class DeadLetterDeskSpecs : IAsyncLifetime
{
    private static readonly TableName Prices = new("public", "prices");

    private readonly ActorSystem _system = ActorSystem.Create("desk");
    private readonly Pipelines _pipelines = new();
    private readonly Store _store = new();
    private DeadLetterDesk _desk = null!;

    public Task InitializeAsync()
    {
        ActorRegistry.For(_system).Register<PipelinesActor>(_system.ActorOf(Props.Create(() => new StubActor(_pipelines))));
        _desk = new DeadLetterDesk(_system, new Factory(_store));
        _desk.Add(new PipelineSettings
        {
            Name = "shop", Source = new SourceSettings { ConnectionString = "Host=nowhere" }, Target = new TargetSettings { Uri = new Uri("bolt://nowhere:7687") },
        });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _system.Terminate();
    }

    private static DeadLetterFilter Shop(params long[] ids) => new("shop") { Ids = ids.Length == 0 ? null : ids };

    private async Task<ApiRefusal> RefusedAsync(Task request) => await Should.ThrowAsync<ApiRefusal>(request);

    [Fact]
    public async Task A_retry_is_remembered_before_the_pipeline_is_told()
    {
        (await _desk.RetryAsync(Shop(7), CancellationToken.None)).ShouldBe([7]);
        await _pipelines.Retried.Task.WaitAsync(TimeSpan.FromSeconds(20));
        _store.Calls.ShouldBe(["retry 7"]);
        (await _desk.RetryAsync(Shop(), CancellationToken.None)).ShouldBe([7]);
        _store.Calls[^1].ShouldBe("retry of public.prices but 9");
    }

    [Fact]
    public async Task A_message_whose_key_names_no_row_is_not_retried()
    {
        var refusal = await RefusedAsync(_desk.RetryAsync(Shop(9), CancellationToken.None));
        (refusal.Status, refusal.Message).ShouldBe((409, "dead letter 9 is a message whose key names no row of public.prices: there is nothing to read again"));
        _store.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(PipelineState.Paused)]
    [InlineData(PipelineState.Failed)]
    [InlineData(PipelineState.Stopped)]
    public async Task A_retry_needs_the_pipeline_to_run(PipelineState state)
    {
        _pipelines.Answer = new MappingAnswer(state, "for the night", null);
        var refusal = await RefusedAsync(_desk.RetryAsync(Shop(7), CancellationToken.None));
        refusal.Status.ShouldBe(409);
        refusal.Message.ShouldContain("for the night");
        _store.Calls.ShouldBeEmpty();
        (await _desk.DiscardAsync(Shop(7), CancellationToken.None)).ShouldBe([7]);
    }

    [Fact]
    public async Task Of_letters_that_are_named_all_are_changed_or_none()
    {
        var unknown = await RefusedAsync(_desk.RetryAsync(Shop(7, 98, 99), CancellationToken.None));
        (unknown.Status, unknown.Message).ShouldBe((404, "pipeline 'shop' has no dead letter 98, 99"));
        var closed = await RefusedAsync(_desk.DiscardAsync(Shop(7, 8), CancellationToken.None));
        closed.Status.ShouldBe(409);
        closed.Message.ShouldContain("dead letter 8 was resolved already");
        (await RefusedAsync(_desk.RetryAsync(new DeadLetterFilter("social"), CancellationToken.None))).Status.ShouldBe(404);
        _store.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_that_the_pipeline_does_not_take_any_more_cannot_be_retried()
    {
        _pipelines.Answer = new MappingAnswer(PipelineState.Streaming, null, new GraphMapping([]));
        (await RefusedAsync(_desk.RetryAsync(Shop(7), CancellationToken.None))).Message.ShouldContain("public.prices");
        (await RefusedAsync(_desk.RetryAsync(Shop() with { Tables = [Prices] }, CancellationToken.None))).Status.ShouldBe(409);
        _pipelines.Answer = new MappingAnswer(PipelineState.Streaming, null, new GraphMapping([new NodeMapping(Prices, ["code"], "Price", [], [])]));
        (await RefusedAsync(_desk.RetryAsync(Shop(7), CancellationToken.None))).Message.ShouldContain("another key");
    }

    [Fact]
    public async Task A_pipeline_hears_how_many_letters_are_left()
    {
        await _desk.DiscardAsync(Shop(7), CancellationToken.None);
        (await _pipelines.Closed.Task.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(new DeadLettersClosed("shop", 3));
    }

    private sealed class Pipelines
    {
        public MappingAnswer Answer { get; set; } = new(PipelineState.Streaming, null, new GraphMapping([new NodeMapping(Prices, ["id"], "Price", [], [])]));

        public TaskCompletionSource<RetryDeadLetters> Retried { get; } = new();

        public TaskCompletionSource<DeadLettersClosed> Closed { get; } = new();
    }

    private sealed class StubActor : ReceiveActor
    {
        public StubActor(Pipelines pipelines)
        {
            Receive<GetMapping>(_ => Sender.Tell(pipelines.Answer));
            Receive<RetryDeadLetters>(retry => pipelines.Retried.TrySetResult(retry));
            Receive<DeadLettersClosed>(closed => pipelines.Closed.TrySetResult(closed));
        }
    }

    private sealed class Factory(IDeadLetterStore store) : IPipelineFactory
    {
        public IChangeSource CreateSource(PipelineSettings settings) => throw new NotSupportedException();

        public IGraphTarget CreateTarget(PipelineSettings settings) => throw new NotSupportedException();

        public IDeadLetterStore CreateDeadLetters(PipelineSettings settings) => store;

        public IIncidentStore CreateIncidents(PipelineSettings settings) => throw new NotSupportedException();

        public (GraphMapping Mapping, IReadOnlyList<string> Warnings) CreateMapping(PipelineSettings settings, DatabaseSchema schema) => throw new NotSupportedException();

        public string? Describe(GraphMapping mapping, in RowOperation operation) => null;
    }

    /// <summary>Letter 7 is open, letter 8 resolved, both of <c>prices</c>, key <c>id</c>; letter 9 is of a message without a key, letter 10 of one with a key.</summary>
    private sealed class Store : IDeadLetterStore
    {
        public List<string> Calls { get; } = [];

        public Task<IReadOnlyList<StoredDeadLetter>> ListAsync(DeadLetterFilter filter, long? before, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredDeadLetter>>([.. new long[] { 10, 9, 8, 7 }.Where(id => filter.Ids?.Contains(id) ?? filter.Operation == "message" == id > 8).Select(id => new StoredDeadLetter(id,
                new DeadLetter("shop", Prices, id > 8 ? "message" : "insert", id == 9 ? """{"message":"shop.public.prices [0], offset 3"}""" : """{"id":"1"}""", null, Position.Start, "refused", null, DateTimeOffset.UnixEpoch), 1, DateTimeOffset.UnixEpoch,
                id != 8 ? DeadLetterState.Open : DeadLetterState.Resolved, id != 8 ? null : DateTimeOffset.UnixEpoch, null))]);

        public Task<IReadOnlyList<long>> RetryAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => Call("retry", filter);

        public Task<IReadOnlyList<long>> DiscardAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => Call("discard", filter);

        public Task<long> CountAsync(string pipeline, CancellationToken cancellationToken) => Task.FromResult(3L);

        public Task<int> AddAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadKey>> KeysAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ResolveAsync(string pipeline, IReadOnlyList<DeadKey> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadKey>> RetriedAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();

        private Task<IReadOnlyList<long>> Call(string what, DeadLetterFilter filter)
        {
            Calls.Add($"{what}{(filter.Ids is { } ids ? $" {string.Join(',', ids)}" : "")}{(filter.Tables is { } tables ? $" of {string.Join(',', tables)}" : "")}{(filter.Except is { } except ? $" but {string.Join(',', except)}" : "")}");
            return Task.FromResult<IReadOnlyList<long>>([7]);
        }
    }
}
