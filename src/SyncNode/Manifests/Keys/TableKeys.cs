using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The keys of one table below <c>tables</c>.</summary>
internal static class TableKeys
{
    public static readonly ChoiceKey<string?> As = new("as", "`node` makes a node of a join table; `relationship` insists that the table is one", null, ("node", "node"), ("relationship", "relationship"))
    {
        Otherwise = "inferred",
    };

    public static readonly TextKey Label = new("label", "the node's label") { Otherwise = "inferred" };

    public static readonly TextKey Type = new("type", "a join table's relationship type") { Otherwise = "inferred" };

    public static readonly TextsKey Key = new("key", "columns of a unique key to use instead: NOT NULL, and the table's replica identity (or FULL), else deletes would not name the row") { Otherwise = "the primary key" };

    public static readonly TextsKey Include = new("include", "only these columns, and those of the key, become properties. A column added later does not") { Otherwise = "all" };

    public static readonly TextsKey Exclude = new("exclude", "these do not. Not together with `include`; not columns of the key") { Otherwise = "none" };

    public static readonly SectionKey Columns = new("columns", "which columns become properties", [Include, Exclude]) { Otherwise = "all" };

    public static readonly NamesKey Properties = new("properties",
        "by column: the property's name, or `{ name: …, as: … }` with `as`: `text` (as PostgreSQL prints it), `float` (64 bits: numeric keeps 15 to 17 digits) or `integer` (64 bits; a fraction is a dead letter)",
        NamedValue.Property)
    { Otherwise = "each column's own name" };

    public static readonly NamesKey Relationships = new("relationships",
        "by the foreign key's constraint name, or its columns with commas between: the relationship's type, or `null` to leave it out", NamedValue.TextOrNull)
    { Otherwise = "inferred" };

    public static readonly IReadOnlyList<ManifestKey> All = [As, Label, Type, Key, Columns, Properties, Relationships];

    /// <summary>Of a property: its name.</summary>
    public static readonly TextKey PropertyName = new("name", "the property's name") { Otherwise = "the column's" };

    /// <summary>Of a property: how its values are written.</summary>
    public static readonly ChoiceKey<PropertyEncoding> PropertyAs = new("as", "how values are written", PropertyEncoding.Default,
        ("text", PropertyEncoding.Text), ("float", PropertyEncoding.Float), ("integer", PropertyEncoding.Integer))
    { Otherwise = "lossless" };
}
