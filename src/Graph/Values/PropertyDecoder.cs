namespace PolyglotSync.Graph.Values;

/// <summary>Turns the text that PostgreSQL prints for one column into a property value: an object for the driver, or a Cypher literal.</summary>
internal abstract class PropertyDecoder
{
    /// <summary>The value as the driver takes it; null where the text is not one of the type (never for NULL: that is not decoded).</summary>
    public abstract object? Decode(ReadOnlySpan<byte> text);

    /// <summary>Appends the value as a Cypher literal.</summary>
    /// <returns>False where the text is not a value of the type; what was appended then is to be cut off.</returns>
    public virtual bool Write(ReadOnlySpan<byte> text, LiteralBuffer literal)
    {
        literal.String(text);
        return true;
    }

    /// <summary>Why a text that is one of the type is refused all the same; null where it is not one.</summary>
    public virtual string? WhyRefused(ReadOnlySpan<byte> text) => null;
}
