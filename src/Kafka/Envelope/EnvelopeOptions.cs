namespace PolyglotSync.Kafka.Envelope;

/// <summary>The unit of times and timestamps that come as numbers: Debezium's <c>time.precision.mode</c>.</summary>
public enum TimePrecision : byte
{
    /// <summary>What the schema in the message says; without one, as <see cref="Adaptive"/>, but a number too small or too large for that is taken for the unit it fits (docs/envelope.md).</summary>
    Auto,
    /// <summary>Milliseconds where the column has up to 3 digits after the second, else microseconds.</summary>
    Adaptive,
    /// <summary>As adaptive, but times always in microseconds.</summary>
    AdaptiveTimeMicroseconds,
    /// <summary>Milliseconds.</summary>
    Connect,
    Microseconds,
    Nanoseconds,
}

/// <summary>What a text in the place of a numeric is: Debezium's <c>decimal.handling.mode</c>.</summary>
public enum DecimalHandling : byte
{
    /// <summary>What the schema says; without one, digits are a decimal, anything else is base64.</summary>
    Auto,
    /// <summary>Base64 of the unscaled number; the scale is the schema's or the column's.</summary>
    Precise,
    /// <summary>Digits.</summary>
    String,
}

/// <summary>How bytea comes: Debezium's <c>binary.handling.mode</c>.</summary>
public enum BinaryHandling : byte
{
    /// <summary>Base64 of either alphabet; what cannot be that but is hexadecimal is read so.</summary>
    Auto,
    Base64,
    Hex,
}

/// <summary>What a key change that comes as delete and create becomes.</summary>
public enum KeyChanges : byte
{
    /// <summary>One update with the old key, in the place of the create; the delete is skipped. For topics whose messages are put in the order of their positions.</summary>
    Join,
    /// <summary>The delete and the create, each where it stands.</summary>
    Split,
}

/// <summary>How to read topics that another program wrote. Envelopes of <see cref="EnvelopeWriter"/> say themselves what they hold; of these only <see cref="KeyChanges"/> concerns them.</summary>
/// <param name="UnavailableValue">Debezium's <c>unavailable.value.placeholder</c>.</param>
/// <param name="ExistenceUnknown">True where topics are read without their cuts: what an envelope of ours knows of its row holds only where no change comes twice.</param>
public sealed record EnvelopeOptions(
    TimePrecision Time = TimePrecision.Auto,
    DecimalHandling Decimal = DecimalHandling.Auto,
    BinaryHandling Binary = BinaryHandling.Auto,
    KeyChanges KeyChanges = KeyChanges.Join,
    string UnavailableValue = "__debezium_unavailable_value",
    bool ExistenceUnknown = false);
