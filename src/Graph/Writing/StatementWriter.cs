using System.Diagnostics;
using System.Text;
using PolyglotSync.Graph.Plans;
using PolyglotSync.Graph.Values;

namespace PolyglotSync.Graph.Writing;

/// <summary>Runs statements over the rows of a write set: encodes them batch by batch and names those that cannot be.</summary>
internal abstract class StatementWriter
{
    /// <summary>
    /// A statement takes no more rows once it has so many bytes of values: as the driver's objects, and then as its message, they take several times as much memory, which
    /// wide rows would multiply by the thousand.
    /// </summary>
    private const int MaxBatchBytes = 2 * 1024 * 1024;

    private readonly ReadOnlyMemory<RowOperation> _operations;
    private readonly Dictionary<int, IReadOnlyList<object?>> _carried = [];
    private readonly CarriedLog? _log;
    private long _encoding;

    /// <param name="log">Where the runner is not atomic: what rows that move take along; null where nothing is kept.</param>
    protected StatementWriter(GraphPlan plan, WriteSet set, ICypherRunner runner, CarriedLog? log)
    {
        Plan = plan;
        Set = set;
        Runner = runner;
        _log = log;
        _operations = set.Operations is PartedOperations parted ? parted.Memory : OperationBuffer.MemoryOf(set.Operations);
    }

    protected GraphPlan Plan { get; }

    protected WriteSet Set { get; }

    protected ICypherRunner Runner { get; }

    protected GuiltyRows Guilty { get; } = new();

    protected ReadOnlySpan<RowOperation> Operations => _operations.Span;

    /// <summary>Sorting the operations into statements.</summary>
    public TimeSpan PlanTime { get; protected init; }

    /// <exception cref="PipelineFailure">Poison: rows that cannot be encoded.</exception>
    public abstract Task WriteAsync(CancellationToken cancellationToken);

    /// <param name="started">When the write began (<see cref="Stopwatch"/>): what is neither planning nor encoding since then is the server's.</param>
    public WriteResult Result(long started)
    {
        var encoding = Stopwatch.GetElapsedTime(0, _encoding);
        return new WriteResult(_operations.Length, Unmatched, PlanTime, encoding, Stopwatch.GetElapsedTime(started) - PlanTime - encoding);
    }

    /// <summary>Relationships whose parent was not in the graph.</summary>
    protected int Unmatched { get; set; }

    protected ref readonly RowOperation Operation(int index) => ref _operations.Span[index];

    protected async Task UntilNoneAsync(string cypher, CancellationToken cancellationToken)
    {
        while (await Runner.RunAsync(cypher, cancellationToken) is [long and > 0, ..])
        {
            // until none is left
        }
    }

    /// <summary>Keeps what was read of rows, for <see cref="AddSent"/>.</summary>
    protected void Carry(IReadOnlyList<object?> record, List<int> batch)
    {
        foreach (var item in (System.Collections.IEnumerable)record[0]!)
        {
            var values = ((System.Collections.IEnumerable)item).Cast<object?>().ToList();
            _carried[(int)(long)values[0]!] = values[1..];
        }
    }

    protected bool IsCarried(int index) => _carried.ContainsKey(index);

    /// <summary>Keeps what was carried, so that it can be found again should the rest of the write be cut short; and finds what a write that was cut short has kept.</summary>
    /// <param name="node">Merges whole rows: those that stay where they are may be gone, or another's, and are written as they were.</param>
    /// <param name="join">Likewise.</param>
    protected async Task LogCarriedAsync(Func<NodePlan, CypherShape> node, Func<JoinPlan, CypherShape> join, CancellationToken cancellationToken)
    {
        if (_log is null) return;
        var (kept, staying) = Touch(_log);
        foreach (var (plan, operations) in kept)
            await EachBatchAsync(CarriedLog.Read(plan.Fields.Count), operations, cancellationToken, (rows, i) => BeginNamed(rows, 2, NameOf(i)) && Number(rows, i), Carry);
        foreach (var (plan, operations) in staying)
        {
            var found = operations.FindAll(IsCarried);
            switch (plan)
            {
                case NodePlan one: await EachBatchAsync(node(one), found, cancellationToken, (rows, i) => EncodeNode(rows, one, SentFields.All(one), i, 0)); break;
                case JoinPlan one: await EachBatchAsync(join(one), found, cancellationToken, (rows, i) => EncodeJoin(rows, one, SentFields.All(one), i)); break;
            }
        }
        var carried = new Groups<TablePlan>();
        foreach (var index in _carried.Keys.Order().Where(i => !_log.Touch(NameOf(i))))
            if (Plan.For(Operation(index).OldRelation ?? Operation(index).Relation) is { } plan) carried.Add(plan, index);
        foreach (var (plan, operations) in carried)
        {
            var table = Encoding.UTF8.GetBytes(plan.Relation.Table.ToString());
            await EachBatchAsync(CarriedLog.Keep(plan.Fields.Count), operations, cancellationToken, (rows, i) =>
            {
                BeginNamed(rows, 2 + plan.Fields.Count, NameOf(i));
                rows.Add(TextDecoder.Instance, table);
                for (var f = 0; f < plan.Fields.Count; f++) rows.AddCarried(_carried[i][f]);
                return true;
            });
            if (Guilty.Any) return;
            foreach (var index in operations) _log.Add(NameOf(index), plan.Relation.Table);
        }
    }

    /// <summary>The rows of which something is kept and is wanted: of those that move, and of those that stay.</summary>
    private (Groups<TablePlan> Kept, Groups<TablePlan> Staying) Touch(CarriedLog log)
    {
        var (kept, staying) = (new Groups<TablePlan>(), new Groups<TablePlan>());
        if (log.IsEmpty) return (kept, staying);
        foreach (var table in Set.Truncated) log.TouchAll(table);
        for (var i = 0; i < _operations.Length; i++)
        {
            ref readonly var operation = ref Operation(i);
            var moves = KeyReuse.ChangesKey(operation);
            if (moves) log.Touch(CarriedLog.NameOf(operation.New.Image, operation.Relation));
            if (!log.Touch(NameOf(i)) || operation.Kind == RowOperationKind.Delete || Plan.For(operation.Relation) is not { } plan || SentFields.Of(plan, operation.New.Image).IsWhole) continue;
            kept.Add(plan, i);
            if (!moves) staying.Add(plan, i);
        }
        return (kept, staying);
    }

    /// <summary>An image with the key under which the row is before the set.</summary>
    protected RowImage Before(int index)
    {
        ref readonly var operation = ref Operation(index);
        return (operation.Old.Exists ? operation.Old : operation.New).Image;
    }

    /// <summary>Of the key under which the row is before the set.</summary>
    private string NameOf(int index)
    {
        ref readonly var operation = ref Operation(index);
        return operation.Old.Exists ? CarriedLog.NameOf(operation.Old.Image, operation.OldRelation) : CarriedLog.NameOf(operation.New.Image, operation.Relation);
    }

    private static bool BeginNamed(ParameterRows rows, int width, string name)
    {
        rows.Begin(width);
        return rows.Add(TextDecoder.Instance, Encoding.UTF8.GetBytes(name));
    }

    /// <summary>
    /// Encodes the operations row by row and runs the shape for each full batch. From the first row on that cannot be encoded nothing more is
    /// sent (the set will be given up), but the rest is still encoded, to name every guilty row.
    /// </summary>
    protected async Task EachBatchAsync(
        CypherShape shape, List<int> operations, CancellationToken cancellationToken, Func<ParameterRows, int, bool> encode,
        Action<IReadOnlyList<object?>, List<int>>? answered = null)
    {
        for (int from = 0, to; from < operations.Count; from = to)
        {
            // whoever gave up waiting for the answer before may have given the images away
            cancellationToken.ThrowIfCancellationRequested();
            var rows = Encode(operations, from, encode, out to);
            if (Guilty.Any || rows.Count == 0) continue;
            var record = await Runner.RunAsync(shape, rows, cancellationToken);
            if (record.Count > 0) answered?.Invoke(record, to - from == operations.Count ? operations : operations.GetRange(from, to - from));
        }
    }

    private ParameterRows Encode(List<int> operations, int from, Func<ParameterRows, int, bool> encode, out int to)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = Runner.NewRows(Math.Min(Runner.BatchRows, operations.Count - from));
        for (to = from; to < operations.Count && to - from < Runner.BatchRows && rows.Bytes < MaxBatchBytes; to++)
        {
            if (encode(rows, operations[to])) rows.End();
            else rows.Discard();
        }
        _encoding += Stopwatch.GetTimestamp() - started;
        return rows;
    }

    protected bool EncodeNode(ParameterRows rows, NodePlan plan, SentFields sent, int index, int extra) =>
        EncodeKey(rows, plan, Operation(index).New.Image, plan.Key.Count + sent.Fields.Count + extra, index) && AddSent(rows, plan, sent, index);

    protected bool EncodeKey(ParameterRows rows, NodePlan plan, RowImage image, int width, int index)
    {
        rows.Begin(width);
        return AddAll(rows, plan.Key, image, index);
    }

    protected bool EncodeOldKey(ParameterRows rows, NodePlan plan, int index) =>
        EncodeKey(rows, plan, Operation(index).Old.Image, plan.Key.Count, index);

    protected bool EncodeEnds(ParameterRows rows, JoinPlan plan, RowImage image, int width, int index)
    {
        rows.Begin(width);
        return AddAll(rows, plan.Start.Fields, image, index) && AddAll(rows, plan.End.Fields, image, index);
    }

    protected bool EncodeJoin(ParameterRows rows, JoinPlan plan, SentFields sent, int index) =>
        EncodeEnds(rows, plan, Operation(index).New.Image, CypherShapes.Width(plan) + sent.Fields.Count, index) && AddSent(rows, plan, sent, index);

    protected static bool Number(ParameterRows rows, int index)
    {
        rows.AddNumber(index);
        return true;
    }

    /// <summary>The sent fields; one that a re-keyed row did not send comes from where the row was.</summary>
    protected bool AddSent(ParameterRows rows, TablePlan plan, SentFields sent, int index)
    {
        var image = Operation(index).New.Image;
        if (!sent.IsWhole || !_carried.TryGetValue(index, out var carried)) return AddAll(rows, sent.Fields, image, index);
        for (var i = 0; i < plan.Fields.Count; i++)
        {
            if (!image.IsSent(plan.Fields[i].Ordinal)) rows.AddCarried(i < carried.Count ? carried[i] : null);
            else if (!AddField(rows, plan.Fields[i], image, index)) return false;
        }
        return true;
    }

    protected bool AddAll(ParameterRows rows, IReadOnlyList<Field> fields, RowImage image, int index)
    {
        for (var i = 0; i < fields.Count; i++)
            if (!AddField(rows, fields[i], image, index)) return false;
        return true;
    }

    private bool AddField(ParameterRows rows, Field field, RowImage image, int index)
    {
        if (rows.Add(field, image)) return true;
        var relation = Operation(index).Relation;
        Guilty.Add(index, relation.Table, field.Column, field.Decoder.WhyRefused(image[field.Ordinal])
            ?? $"the value is not one of type {relation.Columns[relation.Ordinal(field.Column)].Type.Name} that the graph can hold; write the column as text in the manifest, or leave it out");
        return false;
    }
}
