namespace PolyglotSync.Testing.Oracle;

/// <summary>What the oracle calls the things of the graph.</summary>
public interface INaming
{
    string Label(OracleTable table, IReadOnlyList<OracleTable> all);

    string RelationshipType(OracleTable table, OracleForeignKey key);

    string JoinType(OracleTable table);

    /// <summary>Which columns of a join table become properties of its relationship.</summary>
    Func<string, bool> IsJoinProperty(OracleTable table);
}
