namespace Akka.Configuration.Hocon;

/// <summary>A parsed HOCON document.</summary>
public class HoconRoot
{
    /// <summary>A document with that content.</summary>
    public HoconRoot(HoconValue value) => Value = value;

    /// <summary>The content, an object.</summary>
    public HoconValue Value { get; }
}

/// <summary>The parser of HOCON text.</summary>
public class Parser
{
    /// <summary>Reads a document; <paramref name="includeCallback"/> supplies what is included (null: includes are refused).</summary>
    public static HoconRoot Parse(string text, Func<string, HoconRoot> includeCallback) => new(HoconParser.Parse(text, includeCallback));
}
