namespace PolyglotSync.Postgres;

/// <summary>What a relation message says of a table: its columns in the order of the tuples that follow.</summary>
internal sealed record RelationShape(uint Oid, string Schema, string Name, char Identity, IReadOnlyList<ShapeColumn> Columns)
{
    public static RelationShape Read(ref WireReader reader)
    {
        var oid = reader.UInt32();
        var schema = reader.String();
        var name = reader.String();
        var identity = (char)reader.Byte();
        var columns = new ShapeColumn[reader.Int16()];
        for (var i = 0; i < columns.Length; i++)
        {
            var isKey = (reader.Byte() & 1) != 0;
            columns[i] = new ShapeColumn(reader.String(), reader.UInt32(), reader.Int32(), isKey);
        }
        // pg_catalog is sent as an empty name.
        return new RelationShape(oid, schema.Length == 0 ? "pg_catalog" : schema, name, identity, columns);
    }
}

/// <param name="IsIdentity">Part of the replica identity: sent in key images.</param>
internal readonly record struct ShapeColumn(string Name, uint Type, int Modifier, bool IsIdentity);
