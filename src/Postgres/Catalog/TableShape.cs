using System.Globalization;

namespace PolyglotSync.Postgres;

/// <summary>
/// A table's columns, as far as row images depend on them, and what tells a table from one that was made anew under its name. Its text is kept with the copy's
/// state, and is what <see cref="CatalogQueries.Shapes"/> computes in the server.
/// </summary>
/// <param name="Columns">Those that the stream sends (generated ones are not), by attribute number.</param>
internal sealed record TableShape(uint Oid, IReadOnlyList<TableColumn> Columns)
{
    private const char Separator = '\u0001';

    public static TableShape Of(CatalogTable table) => new(table.Oid, [.. table.Columns.Where(c => !c.Schema.IsGenerated)
        .Select(c => new TableColumn(c.Schema.AttributeNumber, c.TypeOid, c.Modifier, c.Schema.Name))]);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static TableShape Parse(string text)
    {
        var parts = text.Split(Separator);
        return new TableShape(Sql.Oid(parts[0]), [.. parts.Skip(1).Select(Column)]);

        static TableColumn Column(string part)
        {
            var fields = part.Split(':', 4);
            return new TableColumn(Sql.Int(fields[0]), Sql.Oid(fields[1]), Sql.Int(fields[2]), fields[3]);
        }
    }

    public TableColumn? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);

    /// <summary><c>OID</c>, then <c>NUMBER:TYPE:MODIFIER:NAME</c> for each column, parted by U+0001.</summary>
    public override string ToString() => string.Join(Separator, Columns
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Number}:{c.Type}:{c.Modifier}:{c.Name}"))
        .Prepend(Oid.ToString(CultureInfo.InvariantCulture)));

    /// <summary>True where the stream announces these very columns.</summary>
    public bool IsAnnouncedBy(RelationShape relation) =>
        Columns.Select(c => (c.Name, c.Type, c.Modifier)).SequenceEqual(relation.Columns.Select(c => (c.Name, c.Type, c.Modifier)));
}

/// <param name="Number">pg_attribute.attnum, which a rename keeps and nothing uses again; 0 where it is not known.</param>
/// <param name="Type">The type's oid.</param>
/// <param name="Modifier">pg_attribute.atttypmod.</param>
internal sealed record TableColumn(int Number, uint Type, int Modifier, string Name);
