using PolyglotSync.Contracts;

namespace PolyglotSync.Kafka.Envelope;

public enum EnvelopeFault : byte
{
    /// <summary>Key or value is not JSON, or not Unicode.</summary>
    Malformed,
    /// <summary>The envelope is of a table that the pipeline does not have.</summary>
    UnknownTable,
    /// <summary>Neither the row nor the message's key names every column of the table's key.</summary>
    MissingKey,
    /// <summary>A column's value cannot be of the column's type.</summary>
    WrongType,
    /// <summary>An <c>op</c> that this version does not know.</summary>
    UnknownOperation,
    /// <summary>The envelope lacks <c>op</c>, <c>source</c>, or the row that its <c>op</c> needs.</summary>
    MissingPart,
}

/// <summary>
/// A message that is no readable change envelope. The message says what and what to do, and is the same for the same mistake wherever the message stands, so that equal ones can be
/// counted together. Nothing of the message's change was added to the batch.
/// </summary>
public sealed class EnvelopeException : Exception
{
    internal EnvelopeException(EnvelopeFault fault, string? table, string reason, string whatToDo, Exception? inner = null)
        : base($"{table ?? "a change envelope"}: {reason}; {whatToDo}", inner)
    {
        Fault = fault;
        Table = table;
    }

    public EnvelopeFault Fault { get; }

    /// <summary>The table, as <c>schema.name</c>; null where the message does not say.</summary>
    public string? Table { get; }

    internal static EnvelopeException Malformed(string? table, string reason, Exception? inner = null) =>
        new(EnvelopeFault.Malformed, table, reason, "the topic must hold Debezium's envelope as JSON (JsonConverter), one message a change", inner);

    internal static EnvelopeException WrongType(TableName table, ColumnCodec column, string reason, Exception? inner = null) =>
        new(EnvelopeFault.WrongType, table.ToString(), $"column \"{System.Text.Encoding.UTF8.GetString(column.Name)}\" of type {column.Type.Name} {reason}",
            "compare the topic's encodings with docs/envelope.md, and the table's columns with the source's", inner);

    internal static EnvelopeException MissingKey(TableName table, string column) =>
        new(EnvelopeFault.MissingKey, table.ToString(), $"the key column \"{column}\" is neither in the row nor in the message's key",
            "the topic's messages must carry the table's primary key (message.key.columns), and deletes the row's old key (replica identity)");

    internal static EnvelopeException MissingPart(string? table, string part) =>
        new(EnvelopeFault.MissingPart, table, $"the envelope has no {part}",
            "the connector must write whole envelopes: no ExtractNewRecordState or other transformation that takes them apart");
}
