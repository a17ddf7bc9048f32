using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The section <c>source</c>.</summary>
internal static class SourceKeys
{
    public static readonly SourceSettings Defaults = new() { ConnectionString = "" };

    public static readonly TextKey Dsn = new("dsn", "`postgres://user:password@host:5432/database`, or an Npgsql connection string")
    {
        RequiredHint = "a postgres:// URI or an Npgsql connection string", Secret = SecretKind.Address,
    };

    public static readonly TextsKey Schemas = new("schemas", "schemas whose tables are taken") { Otherwise = "`public`" };

    public static readonly TextKey Slot = new("slot", "the replication slot") { Otherwise = "`polysync_<pipeline>`" };

    public static readonly TextKey Publication = new("publication", "the publication") { Otherwise = "`polysync_<pipeline>`" };

    public static readonly IntegerKey HeartbeatIntervalMs = new("heartbeat_interval_ms", "how often an idle source gets a marker in its log, so that the slot moves", Defaults.HeartbeatIntervalMs, 100, 3_600_000);

    public static readonly IntegerKey StatusIntervalMs = new("status_interval_ms", "how often, at the latest, the server hears how far we are", Defaults.StatusIntervalMs, 50, 60_000);

    public static readonly IntegerKey CopyChunkRows = new("copy_chunk_rows", "rows that the first copy reads at once", Defaults.CopyChunkRows, 1, 1_000_000);

    public static readonly IntegerKey ConnectTimeoutMs = new("connect_timeout_ms", "how long a connection may take to open", Defaults.ConnectTimeoutMs, 100, 600_000);

    public static readonly IReadOnlyList<ManifestKey> All = [Dsn, Schemas, Slot, Publication, HeartbeatIntervalMs, StatusIntervalMs, CopyChunkRows, ConnectTimeoutMs];
}
