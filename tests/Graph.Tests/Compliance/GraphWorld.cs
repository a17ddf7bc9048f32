using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Inference;

namespace PolyglotSync.Graph.Tests.Compliance;

/// <summary>A target with a mapping, a pipeline that owns it, and questions to the graph.</summary>
internal sealed class GraphWorld(IGraphTarget target, DatabaseSchema schema, Func<IGraphTarget> again) : IAsyncDisposable
{
    public const string Pipeline = "test";

    private int _commit = 1;

    /// <summary>How many more seeds the tests of random histories take, by POLYSYNC_TEST_SEEDS.</summary>
    public static int MoreSeeds => int.TryParse(Environment.GetEnvironmentVariable("POLYSYNC_TEST_SEEDS"), out var count) ? count : 0;

    /// <summary>Statements of few rows each, so that a set is several.</summary>
    public static IGraphTarget Connect(Uri graph) => GraphTargets.Create(new TargetSettings { Uri = graph }, new LimitSettings { BatchRows = 7 }, NullLoggerFactory.Instance);

    public IGraphTarget Target { get; private set; } = target;

    public DatabaseSchema Schema { get; } = schema;

    public GraphMapping Mapping { get; private set; } = null!;

    public Rows Rows { get; } = new(schema);

    public TargetState State { get; private set; } = TargetState.Empty;

    public async Task<GraphWorld> PrepareAsync(MappingSettings? settings = null)
    {
        await Target.ConnectAsync(default);
        (Mapping, _) = MappingInference.Infer(Schema, settings ?? new MappingSettings());
        await Target.PrepareAsync(Mapping, Schema, default);
        State = await Target.ClaimAsync(Pipeline, default);
        return this;
    }

    /// <summary>For changes that are in order key by key.</summary>
    public async Task<GraphWorld> PreparePerKeyAsync()
    {
        await Target.ConnectAsync(default);
        (Mapping, _) = MappingInference.Infer(Schema, new MappingSettings());
        await Target.PrepareAsync(Mapping, Schema, default, ChangeOrder.PerKey);
        return this;
    }

    /// <summary>What a new process does with the target: prepare and claim, remembering nothing.</summary>
    public async Task RestartAsync()
    {
        await Target.DisposeAsync();
        Target = again();
        await Target.PrepareAsync(Mapping, Schema, default);
        State = await Target.ClaimAsync(Pipeline, default);
    }

    public WriteSet Set(params RowOperation[] operations)
    {
        var position = Position.EndOf(new Lsn((ulong)++_commit));
        return new WriteSet
        {
            Operations = operations, Generation = State.Generation,
            State = State with { Position = position, Intent = position, Watermark = new Lsn((ulong)_commit + 1) },
        };
    }

    public Task<WriteResult> ApplyAsync(params RowOperation[] operations) => Target.ApplyAsync(Pipeline, Set(operations), default);

    public Task<WriteResult> ApplyAsync(WriteSet set) => Target.ApplyAsync(Pipeline, set, default);

    /// <summary>As the pipeline does it: a part whose locks another part holds is tried again.</summary>
    public async Task ApplyAgainAsync(WriteSet set)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ApplyAsync(set);
                return;
            }
            catch (PipelineFailure failure) when (failure.Class == FailureClass.Transient && attempt < 10)
            {
                // the next attempt
            }
        }
    }

    /// <summary>One line a record, values parted by blanks, sorted.</summary>
    public async Task<string[]> AskAsync(string cypher)
    {
        var records = await ((ICypherQueries)Target).QueryAsync(cypher, default);
        return [.. records.Select(r => string.Join(' ', r.Select(Show))).Order(StringComparer.Ordinal)];
    }

    public async Task<long> CountAsync(string cypher) => (long)(await ((ICypherQueries)Target).QueryAsync(cypher, default))[0][0]!;

    public async Task<object?> ValueAsync(string cypher) => (await ((ICypherQueries)Target).QueryAsync(cypher, default))[0][0];

    public ValueTask DisposeAsync() => Target.DisposeAsync();

    private static string Show(object? value) => value switch
    {
        null => "-",
        string s => s,
        System.Collections.IEnumerable items => $"[{string.Join(",", items.Cast<object?>().Select(Show))}]",
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
