namespace Neo4j.Driver;

/// <summary>The old name of <see cref="Bookmarks"/>.</summary>
[Obsolete("Replaced with Bookmarks. Will be removed in 6.0")]
public abstract class Bookmark
{
    /// <summary>Opaque; one for each database and transaction waited for.</summary>
    public string[] Values { get; init; }
}

#pragma warning disable CS0618 // the real driver's base class is obsolete too
/// <summary>States of the database; a session that holds them sees at least those.</summary>
public abstract class Bookmarks : Bookmark
{
    public static Bookmarks From(params string[] values) => new Set(values ?? []);

    public static Bookmarks From(IEnumerable<string> values) => new Set(values ?? []);

    public static Bookmarks operator +(Bookmarks lh, Bookmarks rh) => new Set((lh?.Values ?? []).Concat(rh?.Values ?? []));

    internal static Bookmarks From(IEnumerable<Bookmarks> bookmarks) => new Set(bookmarks.Where(b => b != null).SelectMany(b => b.Values));

    private sealed class Set : Bookmarks
    {
        public Set(IEnumerable<string> values) => Values = values.Where(v => !string.IsNullOrEmpty(v)).Distinct().ToArray();

        public override bool Equals(object obj) => obj is Set other && Values.ToHashSet().SetEquals(other.Values);

        public override int GetHashCode() => Values.Aggregate(0, (hash, value) => hash ^ value.GetHashCode());

        public override string ToString() => $"Bookmarks{{{string.Join(", ", Values)}}}";
    }
}
