using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The section <c>target</c>.</summary>
internal static class TargetKeys
{
    public static readonly TargetSettings Defaults = new() { Uri = new Uri("bolt://localhost") };

    public static readonly TextKey Uri = new("uri", "`bolt://` or `neo4j://` (with `+s` or `+ssc` for TLS) `host[:7687][/database]`; `falkor://` or `redis://` `host[:6379]/graph`")
    {
        RequiredHint = "such as bolt://localhost:7687 or falkor://localhost:6379/social", Secret = SecretKind.Address,
    };

    public static readonly TextKey User = new("user", "the login's name, or the file that `POLYSYNC_TARGET_USER_FILE` names") { Otherwise = "from `uri`, else `POLYSYNC_TARGET_USER`" };

    public static readonly TextKey Password = new("password", "its password, or the file that `POLYSYNC_TARGET_PASSWORD_FILE` names")
    {
        Otherwise = "from `uri`, else `POLYSYNC_TARGET_PASSWORD`", Secret = SecretKind.Whole,
    };

    public static readonly TextKey Database = new("database", "Neo4j only") { Otherwise = "from `uri`, else the server's" };

    public static readonly IntegerKey ConnectTimeoutMs = new("connect_timeout_ms", "how long a connection may take to open", Defaults.ConnectTimeoutMs, 100, 600_000);

    public static readonly IntegerKey WriteTimeoutMs = new("write_timeout_ms", "after which a transaction counts as failed and is tried again", Defaults.WriteTimeoutMs, 100, 3_600_000);

    public static readonly IReadOnlyList<ManifestKey> All = [Uri, User, Password, Database, ConnectTimeoutMs, WriteTimeoutMs];
}
