using System.Text;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Falkor;

/// <summary>
/// Statements of one write set, each by itself: FalkorDB has no transaction over several. A single query is atomic and writers take turns, so each statement begins with the fence:
/// it writes nothing once another owner has raised the generation, nor once the same owner has given up waiting for it and opened another session: a broken connection may deliver
/// what it was given long after, and between newer statements.
/// </summary>
internal sealed class FalkorRunner : ICypherRunner, IDisposable
{
    /// <summary>Of the state node <c>s</c>.</summary>
    public const string Owned = "s.generation = $generation AND s.session = $session";

    /// <summary>Of a partition's node <c>s</c>.</summary>
    public const string OwnedPartition = "s.generation = h[1] AND s.session = h[2]";

    private const string Fence = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) WHERE {Owned} WITH s AS fence ";

    private const string PartitionsFence = $"UNWIND $held AS h MATCH (s:__PolySync {{pipeline: h[0]}}) WHERE {OwnedPartition} WITH count(s) AS fence WHERE fence = size($held) ";

    private readonly FalkorClient _client;
    private readonly string _pipeline;
    private readonly long _generation;
    private readonly long _session;
    private readonly IReadOnlyList<PartitionHold>? _held;
    private readonly string _fence = Fence;
    private readonly LiteralBuffer _query = new();
    private readonly LiteralRows _rows;

    public FalkorRunner(FalkorClient client, string pipeline, long generation, long session)
    {
        _client = client;
        _pipeline = pipeline;
        _generation = generation;
        _session = session;
        _rows = new LiteralRows(_query);
    }

    /// <param name="held">The partitions whose owner it must be, all of them; each statement's parameter <c>$held</c>: name, generation, session, offsets from and to.</param>
    public FalkorRunner(FalkorClient client, string pipeline, IReadOnlyList<PartitionHold> held) : this(client, pipeline, 0, 0) => (_held, _fence) = (held, PartitionsFence);

    public bool IsAtomic => false;

    /// <summary>Larger batches gain nothing: the literals are parsed as text.</summary>
    public int BatchRows => 1_000;

    public string? LastCypher { get; private set; }

    public ParameterRows NewRows(int capacity)
    {
        Begin();
        _query.Raw(" rows=["u8);
        return _rows.Restart();
    }

    public Task<IReadOnlyList<object?>> RunAsync(CypherShape shape, ParameterRows rows, CancellationToken cancellationToken)
    {
        _query.Raw("] "u8);
        return SendAsync(_fence + shape.Statement, cancellationToken);
    }

    public Task<IReadOnlyList<object?>> RunAsync(string cypher, CancellationToken cancellationToken)
    {
        Begin();
        _query.Raw(" "u8);
        return SendAsync(_fence + cypher, cancellationToken);
    }

    /// <summary>Runs a statement of the state node itself.</summary>
    public Task<IReadOnlyList<object?>> RunAsync(string cypher, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        Begin();
        foreach (var (name, value) in parameters)
        {
            _query.Raw($" {name}=");
            _query.String(Encoding.UTF8.GetBytes(value));
        }
        _query.Raw(" "u8);
        return SendAsync(cypher, cancellationToken);
    }

    public void Dispose() => _query.Dispose();

    private void Begin()
    {
        _query.Clear();
        _query.Raw("CYPHER pipeline="u8);
        _query.String(Encoding.UTF8.GetBytes(_pipeline));
        _query.Raw(" generation="u8);
        _query.Integer(_generation);
        _query.Raw(" session="u8);
        _query.Integer(_session);
        if (_held is null) return;
        _query.Raw(" held=["u8);
        for (var i = 0; i < _held.Count; i++)
        {
            var hold = _held[i];
            _query.Raw(i == 0 ? "["u8 : ",["u8);
            _query.String(Encoding.UTF8.GetBytes(hold.Name));
            foreach (var number in (ReadOnlySpan<long>)[hold.Move.Generation, hold.Session, hold.Move.From, hold.Move.To])
            {
                _query.Raw(","u8);
                _query.Integer(number);
            }
            _query.Raw("]"u8);
        }
        _query.Raw("]"u8);
    }

    private async Task<IReadOnlyList<object?>> SendAsync(string cypher, CancellationToken cancellationToken)
    {
        LastCypher = cypher;
        _query.Raw(cypher);
        var records = await _client.QueryAsync(_query.Memory, cancellationToken);
        return records.Count == 0 ? [] : records[0];
    }
}

/// <param name="Name">Of the partition's node.</param>
/// <param name="Session">That the target last opened for it.</param>
internal readonly record struct PartitionHold(string Name, long Session, PartitionMove Move);
