#nullable enable
namespace Neo4j.Driver.Internal;

/// <summary>The driver's own reference types that are values in Cypher.</summary>
internal static class CypherValues
{
    public static bool Contains(Type type) =>
        typeof(TemporalValue).IsAssignableFrom(type) || type == typeof(Point) || typeof(IEntity).IsAssignableFrom(type)
        || typeof(IPath).IsAssignableFrom(type);
}
