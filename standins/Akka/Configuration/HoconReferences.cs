using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A piece of a concatenated value.</summary>
internal readonly record struct HoconPart(HoconValue Value, string Path, string Space)
{
    internal static HoconPart Of(HoconValue value) => new(value, null, null);

    internal static HoconPart Reference(string path) => new(null, path, null);

    internal static HoconPart Blank(string space) => new(null, null, space);
}

/// <summary>
/// The values of one document that hold substitutions. They are kept apart while the text is read and resolved at its end, since a
/// reference may point forward.
/// </summary>
internal sealed class HoconReferences
{
    private readonly Dictionary<HoconValue, List<HoconPart>> _pending = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<HoconValue> _resolving = new(ReferenceEqualityComparer.Instance);
    private HoconObject _root;

    internal HoconValue Join(List<HoconPart> parts)
    {
        if (parts.All(part => part.Path == null))
            return Fold(parts.ConvertAll(part => (part.Value, part.Space)));
        var value = new HoconValue();
        _pending[value] = parts;
        return value;
    }

    /// <summary>Objects merge; everything else, a reference to an object too, is replaced.</summary>
    internal void Put(HoconObject into, string key, HoconValue value)
    {
        if (into.Items.TryGetValue(key, out var old) && !_pending.ContainsKey(old) && !_pending.ContainsKey(value) && value.IsObject() && old.IsObject())
        {
            foreach (var (name, member) in value.GetObject().Items)
                Put(old.GetObject(), name, member);
        }
        else
        {
            into.Items[key] = value;
        }
    }

    internal void Resolve(HoconObject root)
    {
        _root = root;
        ResolveInside(new HoconValue(root));
    }

    private void ResolveInside(HoconValue value)
    {
        IEnumerable<HoconValue> inside = value.IsObject() ? value.GetObject().Items.Values.ToList() : value.IsArray() ? value.GetArray() : [];
        foreach (var item in inside)
        {
            Settle(item);
            ResolveInside(item);
        }
    }

    /// <summary>Gives a waiting value its content.</summary>
    private void Settle(HoconValue value)
    {
        if (!_pending.TryGetValue(value, out var parts))
            return;
        if (!_resolving.Add(value))
            throw new FormatException("HOCON: a substitution refers to itself.");
        var result = Fold(parts.ConvertAll(part => (part.Path == null ? part.Value : Find(part.Path), part.Space)));
        _resolving.Remove(value);
        _pending.Remove(value);
        value.Set(HoconObject.Clone(result));
    }

    private HoconValue Find(string path)
    {
        var current = new HoconValue(_root);
        foreach (var key in HoconPath.Split(path))
        {
            current = current.GetChildObject(key) ?? throw new FormatException($"Unresolved substitution: {path}");
            Settle(current);
        }
        ResolveInside(current);
        return current;
    }

    private static HoconValue Fold(List<(HoconValue Value, string Space)> parts)
    {
        var values = parts.Where(part => part.Value != null).Select(part => part.Value).ToList();
        if (values.Count == 1)
            return values[0];
        if (values.Any(value => !value.IsString()))
            throw new FormatException("HOCON: arrays and objects cannot be joined with something else.");
        var text = new StringBuilder();
        foreach (var (value, space) in parts)
            text.Append(value?.GetString() ?? space);
        return new HoconValue(text.ToString().TrimEnd());
    }
}
