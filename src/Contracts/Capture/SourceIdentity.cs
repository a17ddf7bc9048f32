namespace PolyglotSync.Contracts;

/// <summary>Which database is captured.</summary>
/// <param name="System">PostgreSQL's system identifier: another server's is another.</param>
/// <param name="Database">The database's name.</param>
public sealed record SourceIdentity(string System, string Database)
{
    public override string ToString() => $"database '{Database}' of system {System}";
}
