using PolyglotSync.SyncNode.Load.Choosing;
using static PolyglotSync.SyncNode.Load.Worlds.LoadAction;

namespace PolyglotSync.SyncNode.Load.Worlds;

/// <summary>The <c>keyvalue</c> world: one table, no relationships; nothing but the speed of single nodes.</summary>
internal static class KeyValueLoad
{
    private static readonly KeySet Entries = new("entries", "SELECT substr(key, 5)::bigint, 0::bigint FROM entries WHERE substr(key, 5)::bigint % $1 = $2 ORDER BY 1 LIMIT $3");

    public static readonly LoadWorld World = new("keyvalue", 1, ["entries"],
        "CREATE TABLE entries (key text PRIMARY KEY, value text NOT NULL, version bigint NOT NULL, changed_at timestamptz NOT NULL DEFAULT now());",
        rows => $"INSERT INTO entries (key, value, version) SELECT 'key-' || i, repeat('value ' || i || ' ', 1 + i % 8), 0 FROM generate_series(1, {rows}) i",
        "SELECT coalesce(max(substr(key, 5)::bigint), 0) FROM entries", "SELECT 0::bigint", [Entries],
        [
            new(LoadKind.Insert, 1, "entries", 1, $"INSERT INTO entries (key, value, version) SELECT 'key-' || a, repeat('value ' || a || ' ', (1 + a % 8)::int), 0 FROM {Rows(1)}", rows =>
            {
                var key = rows.FreshId();
                return new DrawnRow(key, 0, 0, rows.Add(Entries, key));
            }),
            new(LoadKind.Update, 1, "entries", 2, $"UPDATE entries SET value = 'changed ' || x.b, version = version + 1, changed_at = now() FROM {Rows(2)} WHERE entries.key = 'key-' || x.a",
                rows => rows.Hot(Entries) is { } at ? new DrawnRow(at.A, rows.Stamp(), 0, at.Row) : null),
            new(LoadKind.Delete, 1, "entries", 1, $"DELETE FROM entries USING {Rows(1)} WHERE entries.key = 'key-' || x.a",
                rows => rows.Any(Entries) is { } at ? new DrawnRow(at.A, 0, 0, rows.Remove(at)) : null),
            new(LoadKind.KeyChange, 1, "entries", 2, $"UPDATE entries SET key = 'key-' || x.b FROM {Rows(2)} WHERE entries.key = 'key-' || x.a", rows =>
            {
                if (rows.Any(Entries) is not { } at) return null;
                var key = rows.FreshId();
                return new DrawnRow(at.A, key, 0, at.Row) { MovedTo = rows.Move(at, key) };
            }),
        ]);
}
