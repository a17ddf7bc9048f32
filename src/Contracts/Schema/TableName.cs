namespace PolyglotSync.Contracts;

/// <summary>A table by schema and name, each as the catalog holds it (no quotes, case kept).</summary>
public readonly record struct TableName(string Schema, string Name) : IComparable<TableName>
{
    public override string ToString() => $"{Schema}.{Name}";

    /// <summary><c>"schema"."name"</c> with quotes doubled, for SQL.</summary>
    public string Quoted => $"{Quote(Schema)}.{Quote(Name)}";

    /// <summary>An identifier in double quotes, quotes inside doubled.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary><c>name</c> (schema public) or <c>schema.name</c>; the first dot parts them.</summary>
    public static TableName Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new TableName("public", text) : new TableName(text[..dot], text[(dot + 1)..]);
    }

    public int CompareTo(TableName other)
    {
        var bySchema = string.CompareOrdinal(Schema, other.Schema);
        return bySchema != 0 ? bySchema : string.CompareOrdinal(Name, other.Name);
    }
}
