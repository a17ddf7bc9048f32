using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>
/// One open stream, from START_REPLICATION to its end: decodes into the assembler, follows table shapes, and merges copy chunks where their markers
/// stand. Driven by one task.
/// </summary>
internal sealed class WalSession(
    ReplicationStream stream, BatchAssembler assembler, PgOutputDecoder decoder, RelationTracker relations, CopyCoordinator copies,
    ShapeWatch watch, SourceNames names, LimitSettings limits, ILogger log)
{
    /// <summary>A batch of so many rows ends at the next commit.</summary>
    private const int FullRows = 5_000;
    private const int FullBytes = 4 * 1024 * 1024;

    /// <summary>A waiting consumer gets so many rows even while more are at hand.</summary>
    private const int WorthwhileRows = 500;

    private int _partRows;
    private long _partBytes;
    private bool _isParted;
    private bool _copyMoved;
    private Cut? _heldCut;
    private readonly HashSet<TableName> _gone = [];

    /// <param name="hasNews">True where entries and a state of the copy are there already, ahead of the stream's.</param>
    public async Task RunAsync(bool hasNews, CancellationToken cancellationToken)
    {
        if (hasNews) await assembler.PushCommitAsync(assembler.Cut, copies.State, 0, cancellationToken);
        await using var messages = stream.Start(names.Slot, names.Publication, cancellationToken);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var next = messages.MoveNextAsync();
            if (!next.IsCompleted)
            {
                assembler.Offer(0);
                assembler.Clock.Worked(since);
                var more = await next;
                since = Stopwatch.GetTimestamp();
                if (!more) throw Ended();
            }
            else if (!await next) throw Ended();
            var bytes = await stream.BytesAsync(messages.Current, cancellationToken);
            var before = assembler.Writer.Bytes;
            switch (decoder.Decode(bytes.Span))
            {
                case WalStep.Begin:
                    assembler.Enter();
                    (_partRows, _partBytes, _isParted) = (0, 0, !assembler.Cut.Position.IsWhole);
                    break;
                case WalStep.Row:
                    _partRows++;
                    _partBytes += Math.Max(0, assembler.Writer.Bytes - before);
                    if (IsFull) await SplitAsync(cancellationToken);
                    break;
                case WalStep.Commit:
                    await CommitAsync(cancellationToken);
                    break;
                case WalStep.Relation:
                    await AnnounceAsync(decoder.Announced!, cancellationToken);
                    break;
                case WalStep.Marker:
                    await MarkAsync(decoder.Marker!, cancellationToken);
                    break;
                case WalStep.Nothing:
                    break;
            }
        }
    }

    private static EndOfStreamException Ended() => new("the server ended the replication stream");

    private bool IsFull => assembler.Writer.Count >= FullRows || assembler.Writer.Bytes >= FullBytes;

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        copies.Committed(decoder.Xid);
        _copyMoved |= await copies.ReadMissingAsync(assembler.Writer, decoder.Position, cancellationToken);
        if (decoder.IsReplay)
        {
            // Applied before the stream was opened: only the watermark is news.
            assembler.Leave(assembler.Cut with { Watermark = decoder.CommitEnd }, decoder.CommitTimestamp);
            return;
        }
        var cut = new Cut(Position.EndOf(decoder.CommitLsn), decoder.CommitEnd);
        if (copies.HoldsBack)
        {
            _heldCut = cut;
            if (IsFull) await assembler.PushAsync(null, cancellationToken);
            return;
        }
        _heldCut = null;
        if (_copyMoved)
        {
            _copyMoved = false;
            await assembler.PushCommitAsync(cut, copies.State, decoder.CommitTimestamp, cancellationToken);
            return;
        }
        assembler.Leave(cut, decoder.CommitTimestamp);
        if (IsFull) await assembler.PushFullAsync(cancellationToken);
        else assembler.Offer(WorthwhileRows);
    }

    /// <summary>
    /// Hands over what is there of a transaction that one batch cannot hold; past the documented limit, as a part of its own. From the first part on it is not whole anyway, so
    /// each batch is one: that is how the graph takes most rows a second, and the least is in memory.
    /// </summary>
    private async Task SplitAsync(CancellationToken cancellationToken)
    {
        if (!_isParted && _partRows < limits.MaxSourceTransactionRows && _partBytes < limits.MaxSourceTransactionBytes)
        {
            await assembler.PushAsync(null, cancellationToken);
            return;
        }
        await PartAsync(cancellationToken);
    }

    private async Task PartAsync(CancellationToken cancellationToken)
    {
        _copyMoved |= await copies.ReadMissingAsync(assembler.Writer, decoder.Position, cancellationToken);
        copies.Interrupt(assembler.Writer);
        _heldCut = null;
        (_partRows, _partBytes, _isParted) = (0, 0, true);
        var reached = new Position(decoder.CommitLsn, decoder.Index - 1);
        // Resumed inside the transaction, the position reached may lie ahead.
        await assembler.PushAsync(reached > assembler.Cut.Position ? assembler.Cut with { Position = reached } : assembler.Cut, cancellationToken);
    }

    private async Task AnnounceAsync(RelationShape shape, CancellationToken cancellationToken)
    {
        var table = new TableName(shape.Schema, shape.Name);
        if (!relations.IsMapped(table))
        {
            decoder.Define(shape.Oid, null);
            return;
        }
        // What was applied before the stream was opened is behind the columns that are known.
        if (!decoder.IsReplay && await relations.AnnounceAsync(shape, cancellationToken) is { } reshape) await ReshapeAsync(reshape, cancellationToken);
        decoder.Define(shape.Oid, new StreamTable(shape, relations.Current(table), copies.Gate(table)));
    }

    private async Task ReshapeAsync(Reshape reshape, CancellationToken cancellationToken)
    {
        if (copies.HasRows(reshape.Table))
        {
            var change = reshape.Change;
            SourceLog.SchemaChanged(log, reshape.Table, string.Join(", ", change.Added), string.Join(", ", change.Dropped),
                string.Join(", ", change.Renamed.Select(r => $"{r.From} → {r.To}")), reshape.IsRefreshed);
            // Rows of the old columns go first: those of this transaction as a part of it.
            copies.Interrupt(assembler.Writer);
            if (_partRows > 0) await PartAsync(cancellationToken);
            else await FlushAsync(cancellationToken);
            assembler.Writer.AddSchemaChange(change, decoder.Position);
            _copyMoved = true;
        }
        await copies.ReshapeAsync(reshape);
    }

    private async Task MarkAsync(string content, CancellationToken cancellationToken)
    {
        if (watch.Take(content) is { } shapes) await CompareAsync(shapes, cancellationToken);
        if (!decoder.IsReplay && RefreshMarker.Parse(content) is { } asked)
        {
            await RefreshAsync(asked);
            return;
        }
        if (CopyMarker.Parse(content) is not { } marker || !copies.IsOurs(marker)) return;
        if (!marker.IsHigh)
        {
            copies.OpenWindow(marker);
            return;
        }
        // The chunk's rows come in their own buffer: what was gathered before goes ahead of it.
        if (!copies.HoldsBack) await FlushAsync(cancellationToken);
        else if (!assembler.Writer.IsEmpty) await assembler.PushAsync(null, cancellationToken);
        var (writer, change) = await copies.CloseWindowAsync(marker, decoder.CommitLsn, assembler.Writer, cancellationToken);
        if (change is not null) await ReshapeAsync(change, cancellationToken);
        if (writer is null) return;
        assembler.Writer = decoder.Writer = writer;
        _copyMoved = true;
    }

    private async Task RefreshAsync(RefreshMarker asked)
    {
        if (asked.Slot != names.Slot || !relations.IsMapped(asked.Table)) return;
        var keys = asked.Ordered(relations.Current(asked.Table));
        if (keys.Count < asked.Keys.Count) SourceLog.RequestDropped(log, asked.Table, asked.Keys.Count - keys.Count, "their keys are of other columns");
        if (keys.Count > 0) await copies.AskAsync(new RowRequest(asked.Table, keys), assembler.Writer);
    }

    /// <summary>Hands over what was gathered before the transaction under way.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (assembler.Writer.IsEmpty && _heldCut is null) return;
        await assembler.PushAsync(_heldCut ?? assembler.Cut, cancellationToken);
        _heldCut = null;
    }

    private async Task CompareAsync(IReadOnlyList<(TableName Table, string? Shape)> seen, CancellationToken cancellationToken)
    {
        foreach (var (table, shape) in seen)
        {
            if (shape is null)
            {
                if (_gone.Add(table)) SourceLog.TableGone(log, table);
            }
            else if (await relations.CatchUpAsync(table, shape, cancellationToken) is { } reshape) await ReshapeAsync(reshape, cancellationToken);
        }
    }
}

/// <summary>What the pipeline calls its things in the source.</summary>
public sealed record SourceNames(string Slot, string Publication)
{
    /// <summary>Slot names allow lower-case letters, digits and '_' only.</summary>
    public static SourceNames Of(PipelineSettings settings)
    {
        var name = $"polysync_{settings.Name.ToLowerInvariant().Replace('-', '_')}";
        return new SourceNames(settings.Source.Slot ?? name, settings.Source.Publication ?? name);
    }
}
