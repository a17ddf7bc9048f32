using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Cuts;

/// <summary>Records of one table of two partitions.</summary>
internal static class Records
{
    public static ClaimRecord Claim(long epoch) => new() { Epoch = epoch, By = Guid.NewGuid() };

    public static EpochRecord Epoch(long epoch, long resumesEpoch = 0, long resumesChange = 0) => new()
    {
        Epoch = epoch,
        Source = new SourceIdentity("7300000000000000001", "shop"),
        ResumesEpoch = resumesEpoch,
        ResumesChange = resumesChange,
        Position = Position.Start,
        Watermark = Lsn.Zero,
        Copy = CopyState.Empty,
        Offsets = new Dictionary<string, long[]> { ["app.public.users"] = [5, 0] },
        Ends = new Dictionary<string, long[]> { ["app.public.users"] = [7, 1] },
        At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public static RelationRecord Relation(long epoch, long change) => new()
    {
        Epoch = epoch,
        Change = change,
        Table = new TableName("public", "users"),
        At = new Position(new Lsn((ulong)change), 0),
        Columns = [new RelationColumn("id", new PgType("bigint", PgKind.Int8))],
        Key = ["id"],
    };

    /// <summary>At a position and watermark of the change's number.</summary>
    public static CutRecord Cut(long epoch, long change) => new()
    {
        Epoch = epoch,
        Change = change,
        Position = Position.EndOf(new Lsn((ulong)change)),
        Watermark = new Lsn((ulong)change),
        Offsets = new Dictionary<string, long[]> { ["app.public.users"] = [change, 3] },
    };
}
