using System.Diagnostics;
using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

internal sealed partial class WriteSetWriter
{
    /// <summary>
    /// A statement takes no more rows once it has so many bytes of values: as the driver's objects, and then as its message, they take several times as much memory, which
    /// wide rows would multiply by the thousand.
    /// </summary>
    private const int MaxBatchBytes = 2 * 1024 * 1024;

    /// <summary>
    /// Encodes the operations row by row and runs the shape for each full batch. From the first row on that cannot be encoded nothing more is
    /// sent (the set will be given up), but the rest is still encoded, to name every guilty row.
    /// </summary>
    private async Task EachBatchAsync(
        CypherShape shape, List<int> operations, CancellationToken cancellationToken, Func<ParameterRows, int, bool> encode,
        Action<IReadOnlyList<object?>, List<int>>? answered = null)
    {
        for (int from = 0, to; from < operations.Count; from = to)
        {
            // whoever gave up waiting for the answer before may have given the images away
            cancellationToken.ThrowIfCancellationRequested();
            var rows = Encode(operations, from, encode, out to);
            if (_guilty.Any || rows.Count == 0) continue;
            var record = await _runner.RunAsync(shape, rows, cancellationToken);
            if (record.Count > 0) answered?.Invoke(record, to - from == operations.Count ? operations : operations.GetRange(from, to - from));
        }
    }

    private ParameterRows Encode(List<int> operations, int from, Func<ParameterRows, int, bool> encode, out int to)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = _runner.NewRows(Math.Min(_runner.BatchRows, operations.Count - from));
        for (to = from; to < operations.Count && to - from < _runner.BatchRows && rows.Bytes < MaxBatchBytes; to++)
        {
            if (encode(rows, operations[to])) rows.End();
            else rows.Discard();
        }
        _encoding += Stopwatch.GetTimestamp() - started;
        return rows;
    }

    private bool EncodeNode(ParameterRows rows, NodePlan plan, SentFields sent, int index, int extra) =>
        EncodeKey(rows, plan, Operation(index).New.Image, plan.Key.Count + sent.Fields.Count + extra, index) && AddSent(rows, plan, sent, index);

    private bool EncodeKey(ParameterRows rows, NodePlan plan, RowImage image, int width, int index)
    {
        rows.Begin(width);
        return AddAll(rows, plan.Key, image, index);
    }

    private bool EncodeOldKey(ParameterRows rows, NodePlan plan, int index) =>
        EncodeKey(rows, plan, Operation(index).Old.Image, plan.Key.Count, index);

    private bool EncodeEnds(ParameterRows rows, JoinPlan plan, RowImage image, int width, int index)
    {
        rows.Begin(width);
        return AddAll(rows, plan.Start.Fields, image, index) && AddAll(rows, plan.End.Fields, image, index);
    }

    private static bool Number(ParameterRows rows, int index)
    {
        rows.AddNumber(index);
        return true;
    }

    /// <summary>The sent fields; one that a re-keyed row did not send comes from where the row was.</summary>
    private bool AddSent(ParameterRows rows, TablePlan plan, SentFields sent, int index)
    {
        var image = Operation(index).New.Image;
        if (!_carried.TryGetValue(index, out var carried)) return AddAll(rows, sent.Fields, image, index);
        for (var i = 0; i < plan.Fields.Count; i++)
        {
            if (!image.IsSent(plan.Fields[i].Ordinal)) rows.AddCarried(i < carried.Count ? carried[i] : null);
            else if (!AddField(rows, plan.Fields[i], image, index)) return false;
        }
        return true;
    }

    private bool AddAll(ParameterRows rows, IReadOnlyList<Field> fields, RowImage image, int index)
    {
        for (var i = 0; i < fields.Count; i++)
            if (!AddField(rows, fields[i], image, index)) return false;
        return true;
    }

    private bool AddField(ParameterRows rows, Field field, RowImage image, int index)
    {
        if (rows.Add(field, image)) return true;
        var relation = Operation(index).Relation;
        _guilty.Add(index, relation.Table, field.Column, field.Decoder.WhyRefused(image[field.Ordinal])
            ?? $"the value is not one of type {relation.Columns[relation.Ordinal(field.Column)].Type.Name} that the graph can hold; write the column as text in the manifest, or leave it out");
        return false;
    }
}
