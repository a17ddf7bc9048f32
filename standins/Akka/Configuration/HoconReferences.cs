using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A piece of a concatenated value.</summary>
internal readonly record struct HoconPart(HoconValue Value, string Path, bool Optional, bool Quoted, string Space)
{
    internal static HoconPart Of(HoconValue value, bool quoted = false) => new(value, null, false, quoted, null);

    internal static HoconPart Reference(string path, bool optional) => new(null, path, optional, false, null);

    internal static HoconPart Blank(string space) => new(null, null, false, false, space);

    internal static readonly HoconPart Previous = new(null, "", true, false, null);
}

/// <summary>
/// The values of one document that hold substitutions. They are kept apart while the text is read and resolved at its end, since a
/// reference may point forward. A reference to itself means the value before.
/// </summary>
internal sealed class HoconReferences
{
    private sealed record Pending(List<HoconPart> Parts)
    {
        internal HoconValue Previous { get; set; }
    }

    private readonly Dictionary<HoconValue, Pending> _pending = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<HoconValue> _resolving = new(ReferenceEqualityComparer.Instance);
    private HoconObject _root;

    internal HoconValue Join(List<HoconPart> parts)
    {
        var waits = parts.Any(part => part.Path != null || (part.Value != null && _pending.ContainsKey(part.Value)));
        return waits ? Defer(parts) : Fold(parts.Where(part => part.Value != null || part.Space != null).Select(part => (part.Value, part.Space)).ToList());
    }

    internal HoconValue Append(HoconValue item) =>
        Defer([HoconPart.Previous, HoconPart.Of(new HoconValue(new List<HoconValue> { item }))]);

    internal void Put(HoconObject into, string key, HoconValue value)
    {
        if (!into.Items.TryGetValue(key, out var old))
        {
            into.Items[key] = value;
        }
        else if (_pending.TryGetValue(value, out var pending))
        {
            pending.Previous = old;
            into.Items[key] = value;
        }
        else if (value.IsObject() && _pending.ContainsKey(old))
        {
            var merged = Defer([HoconPart.Of(value)]);
            _pending[merged].Previous = old;
            into.Items[key] = merged;
        }
        else if (value.IsObject() && old.IsObject())
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
        ResolveAll(root);
    }

    private HoconValue Defer(List<HoconPart> parts)
    {
        var value = new HoconValue();
        _pending[value] = new Pending(parts);
        return value;
    }

    private void ResolveAll(HoconObject members)
    {
        foreach (var (key, value) in members.Items.ToList())
        {
            if (!Settle(value))
                members.Items.Remove(key);
            else
                ResolveInside(value);
        }
    }

    private void ResolveInside(HoconValue value)
    {
        if (value.IsObject())
        {
            ResolveAll(value.GetObject());
        }
        else if (value.IsArray())
        {
            foreach (var item in value.GetArray())
            {
                Settle(item);
                ResolveInside(item);
            }
        }
    }

    /// <summary>Gives a waiting value its content; false when nothing is left of it.</summary>
    private bool Settle(HoconValue value)
    {
        if (!_pending.TryGetValue(value, out var pending))
            return true;
        if (!_resolving.Add(value))
            throw new FormatException("HOCON: a substitution refers to itself.");
        var previous = pending.Previous is { } before && Settle(before) ? before : null;
        var parts = new List<(HoconValue, string)>();
        foreach (var part in pending.Parts)
        {
            var found = part.Path == null ? part.Value : part.Path.Length == 0 ? previous : Find(part, value, previous);
            if (part.Value != null)
                Settle(part.Value);
            if (found != null || part.Space != null)
                parts.Add((found, part.Space));
        }
        _resolving.Remove(value);
        _pending.Remove(value);
        var result = parts.Any(part => part.Item1 != null) ? Fold(parts) : previous;
        if (result == null)
            return false;
        if (result.IsObject() && previous is { } old && old.IsObject() && !ReferenceEquals(result, old))
        {
            var merged = HoconObject.Clone(old);
            merged.GetObject().Merge(result.GetObject());
            result = merged;
        }
        value.Set(HoconObject.Clone(result));
        return true;
    }

    private HoconValue Find(HoconPart part, HoconValue asking, HoconValue previous)
    {
        var current = new HoconValue(_root);
        foreach (var key in HoconPath.Split(part.Path))
        {
            current = current?.GetChildObject(key);
            if (current == null)
                break;
            if (ReferenceEquals(current, asking))
                return previous;
            if (!Settle(current))
                current = null;
        }
        if (current != null)
        {
            ResolveInside(current);
            return current;
        }
        if (Environment.GetEnvironmentVariable(part.Path) is { } variable)
            return new HoconValue(variable);
        return part.Optional ? null : throw new FormatException($"Unresolved substitution: {part.Path}");
    }

    private static HoconValue Fold(List<(HoconValue Value, string Space)> parts)
    {
        var values = parts.Where(part => part.Value != null).Select(part => part.Value).ToList();
        if (values.Count == 1)
            return values[0];
        if (values.All(value => value.IsArray()))
            return new HoconValue(values.SelectMany(value => value.GetArray()).ToList());
        if (values.All(value => value.IsObject()))
        {
            var merged = new HoconObject();
            values.ForEach(value => merged.Merge(value.GetObject()));
            return new HoconValue(merged);
        }
        if (values.Any(value => !value.IsString()))
            throw new FormatException("HOCON: strings, arrays and objects cannot be joined with one another.");
        var text = new StringBuilder();
        foreach (var (value, space) in parts)
            text.Append(value?.GetString() ?? space);
        return new HoconValue(text.ToString().TrimEnd());
    }
}
