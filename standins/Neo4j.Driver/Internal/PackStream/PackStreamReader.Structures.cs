#nullable enable
using Neo4j.Driver.Internal.Results;

namespace Neo4j.Driver.Internal.PackStream;

/// <summary>Graph, temporal and spatial values. Bolt 4.4 lacks the element ids: the numeric ones stand for them.</summary>
internal ref partial struct PackStreamReader
{
    private object ReadStructure(byte tag, int fields) => (tag, fields) switch
    {
        (StructTag.Node, 3 or 4) => ReadNode(fields == 4),
        (StructTag.Relationship, 5 or 8) => ReadRelationship(fields == 8),
        (StructTag.UnboundRelationship, 3 or 4) => ReadUnbound(fields == 4),
        (StructTag.Path, 3) => ReadPath(),
        (StructTag.Date, 1) => new LocalDate(ReadInteger()),
        (StructTag.Time, 2) => new OffsetTime(ReadInteger(), (int)ReadInteger()),
        (StructTag.LocalTime, 1) => new LocalTime(ReadInteger()),
        (StructTag.LocalDateTime, 2) => new LocalDateTime(ReadInteger(), (int)ReadInteger()),
        (StructTag.DateTime, 3) => new ZonedDateTime(ReadInteger(), (int)ReadInteger(), new ZoneOffset((int)ReadInteger())),
        (StructTag.DateTimeZoneId, 3) => new ZonedDateTime(ReadInteger(), (int)ReadInteger(), new ZoneId(ReadText())),
        (StructTag.LegacyDateTime, 3) => ZonedDateTime.FromLocal(new LocalDateTime(ReadInteger(), (int)ReadInteger()), new ZoneOffset((int)ReadInteger())),
        (StructTag.LegacyDateTimeZoneId, 3) => ZonedDateTime.FromLocal(new LocalDateTime(ReadInteger(), (int)ReadInteger()), new ZoneId(ReadText())),
        (StructTag.Duration, 4) => new Duration(ReadInteger(), ReadInteger(), ReadInteger(), (int)ReadInteger()),
        (StructTag.Point2D, 3) => new Point((int)ReadInteger(), ReadDouble(), ReadDouble()),
        (StructTag.Point3D, 4) => new Point((int)ReadInteger(), ReadDouble(), ReadDouble(), ReadDouble()),
        _ => throw new ProtocolException($"The server sent a structure that is not known: tag 0x{tag:X2}, {fields} fields."),
    };

    private string ReadText() => Read() as string ?? throw new ProtocolException("The server sent something else where text is due.");

    private double ReadDouble() => Read() is double value ? value : throw new ProtocolException("The server sent something else where a float is due.");

    private Node ReadNode(bool elementIds)
    {
        var id = NullableId();
        var labels = ReadStrings();
        var properties = ReadMap();
        return new Node(id, elementIds ? ReadText() : $"{id}", labels, properties);
    }

    private Relationship ReadRelationship(bool elementIds)
    {
        var (id, start, end) = (NullableId(), NullableId(), NullableId());
        var type = ReadText();
        var properties = ReadMap();
        return elementIds
            ? FromElementIds(ref this)
            : new Relationship(id, $"{id}", start, $"{start}", end, $"{end}", type, properties);

        Relationship FromElementIds(ref PackStreamReader reader)
        {
            var (element, startElement, endElement) = (reader.ReadText(), reader.ReadText(), reader.ReadText());
            return new Relationship(id, element, start, startElement, end, endElement, type, properties);
        }
    }

    private UnboundRelationship ReadUnbound(bool elementIds)
    {
        var id = NullableId();
        var type = ReadText();
        var properties = ReadMap();
        return new UnboundRelationship(id, elementIds ? ReadText() : $"{id}", type, properties);
    }

    private GraphPath ReadPath()
    {
        var nodes = ReadValues<Node>();
        var relationships = ReadValues<UnboundRelationship>();
        var steps = ReadValues<long>();
        return UnboundRelationship.Walk(nodes, relationships, steps);
    }

    private T[] ReadValues<T>()
    {
        var values = new T[ReadListSize()];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Read() is T value ? value : throw new ProtocolException($"The server sent something else where {typeof(T).Name} is due.");
        }

        return values;
    }

    private string[] ReadStrings() => ReadValues<string>();

    /// <summary>Servers without numeric ids send null.</summary>
    private long NullableId() => Read() is long id ? id : -1;
}
