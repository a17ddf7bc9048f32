namespace PolyglotSync.Contracts;

/// <summary>
/// A moment at which no source transaction is half in. <see cref="Position"/> is the last change before it; <see cref="Watermark"/> is the
/// LSN up to which the graph reflects the source once everything before the cut is applied (the end of the commit record).
/// A transaction larger than the documented limit is applied in parts: its cuts but the last are not whole
/// (<see cref="Position.IsWhole"/> is false) and carry the watermark of the transaction before.
/// </summary>
/// <param name="Offsets">Where a broker's partitions are read on from, in its room's own notation; null where changes come from the log directly.</param>
public readonly record struct Cut(Position Position, Lsn Watermark, string? Offsets = null)
{
    /// <summary><see cref="ChangeOrder.PerKey"/>: how far each partition that is read was read. There is no position over all of them then, and a watermark only where the topics have cuts.</summary>
    public IReadOnlyList<PartitionOffset>? Partitions { get; init; }

    public static readonly Cut Start = new(Position.Start, Lsn.Zero);
}
