namespace Akka.Configuration.Hocon;

/// <summary>The members of a HOCON object, in the order of the document.</summary>
public class HoconObject
{
    /// <summary>The members by name.</summary>
    public Dictionary<string, HoconValue> Items { get; } = new();

    /// <summary>The members as plain objects: strings, lists and dictionaries.</summary>
    public IDictionary<string, object> Unwrapped => Items.ToDictionary(item => item.Key, item => Unwrap(item.Value));

    /// <summary>The member of that name, or null.</summary>
    public HoconValue GetKey(string key) => Items.TryGetValue(key, out var value) ? value : null;

    /// <summary>The member of that name, made empty when it is not there.</summary>
    public HoconValue GetOrCreateKey(string key)
    {
        if (!Items.TryGetValue(key, out var value))
            Items[key] = value = new HoconValue();
        return value;
    }

    /// <summary>Takes over the members of <paramref name="other"/>; objects are merged, everything else is replaced.</summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, value) in other.Items)
        {
            if (Items.TryGetValue(key, out var mine) && mine.IsObject() && value.IsObject())
                mine.GetObject().Merge(value.GetObject());
            else
                Items[key] = Clone(value);
        }
    }

    /// <inheritdoc />
    public override string ToString() => ToString(0);

    /// <summary>The object as HOCON text, indented by two blanks a level.</summary>
    public string ToString(int indent) => HoconPrinter.Print(new HoconValue(this), indent);

    internal static HoconValue Clone(HoconValue value)
    {
        if (!value.IsObject())
        {
            var copy = new HoconValue();
            copy.Set(value);
            return copy;
        }
        var members = new HoconObject();
        members.Merge(value.GetObject());
        return new HoconValue(members);
    }

    private static object Unwrap(HoconValue value) =>
        value.IsObject() ? value.GetObject().Unwrapped
        : value.IsArray() ? value.GetArray().Select(Unwrap).ToList()
        : value.GetString();
}
