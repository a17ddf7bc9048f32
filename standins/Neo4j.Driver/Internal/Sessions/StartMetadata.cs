#nullable enable
using Neo4j.Driver.Internal.Pooling;

namespace Neo4j.Driver.Internal.Sessions;

/// <summary>The map of BEGIN, and of a RUN that is its own transaction.</summary>
internal static class StartMetadata
{
    public static Dictionary<string, object?> Of(Lease lease, AccessMode mode, SessionConfig session, TransactionConfig transaction, Bookmarks? bookmarks)
    {
        var extra = new Dictionary<string, object?>();
        if (bookmarks is { Values.Length: > 0 }) extra["bookmarks"] = bookmarks.Values;
        if (transaction.Timeout is { } timeout) extra["tx_timeout"] = (long)Math.Max(0, timeout.TotalMilliseconds);
        if (transaction.Metadata is { Count: > 0 }) extra["tx_metadata"] = transaction.Metadata;
        if (mode == AccessMode.Read) extra["mode"] = "r";
        if (!string.IsNullOrEmpty(lease.Database)) extra["db"] = lease.Database;
        if (session.ImpersonatedUser != null) extra["imp_user"] = session.ImpersonatedUser;
        if (lease.Connection.Version >= new Bolt.BoltVersion(5, 2)) (session.NotificationsConfig as NotificationsConfig)?.AddTo(extra);
        return extra;
    }
}
