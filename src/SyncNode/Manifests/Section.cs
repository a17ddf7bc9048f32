using System.Globalization;
using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>
/// One mapping of a manifest while it is read: each key is asked for by name and type; a wrong value is reported and its default taken, so that reading goes on.
/// <see cref="Finish"/> reports the keys nobody asked for.
/// </summary>
internal sealed class Section
{
    private readonly Dictionary<string, (YamlText Key, YamlValue Value)> _entries = [];
    private readonly HashSet<string> _known = [];
    private readonly ManifestMistakes _mistakes;
    private readonly Substitution _substitution;
    private readonly string _name;

    public Section(YamlMap map, string name, ManifestMistakes mistakes, Substitution substitution)
    {
        (_mistakes, _substitution, _name, Place) = (mistakes, substitution, name, map.Place);
        foreach (var (key, value) in map.Entries)
        {
            if (!_entries.TryAdd(key.Value, (key, value)))
            {
                mistakes.Add(key.Place, $"duplicate key '{key.Value}'", $"it stands in line {_entries[key.Value].Key.Place.Line} already");
            }
        }
    }

    public Place Place { get; }

    public IEnumerable<(YamlText Key, YamlValue Value)> Entries => _entries.Values;

    /// <summary>The value of a key; null where it is missing or nothing.</summary>
    public YamlValue? Take(string key)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out var entry) && entry.Value is not YamlText { IsNull: true } ? entry.Value : null;
    }

    public YamlValue? Take(ManifestKey key) => Take(key.Name);

    public string? Text(TextKey key) => Take(key) is { } value ? TextOf(value, key.Name) : null;

    public string Required(TextKey key) => Required(key.Name, key.RequiredHint!);

    public string Required(string key, string hint)
    {
        if (Take(key) is { } value) return TextOf(value, key) ?? "";
        var place = _entries.TryGetValue(key, out var entry) ? entry.Key.Place : Place;
        _mistakes.Add(place, _name.Length == 0 ? $"'{key}' is missing" : $"'{key}' is missing in '{_name}'", hint);
        return "";
    }

    public string? TextOf(YamlValue value, string key)
    {
        if (value is YamlText text) return _substitution.Apply(text.Value, (message, hint) => _mistakes.Add(text.Place, message, hint));
        _mistakes.Add(value.Place, $"'{key}' is {value.Kind}", "it takes a text");
        return null;
    }

    public long Integer(IntegerKey key)
    {
        if (Take(key) is not { } value) return key.Default;
        if (value is not YamlText || !long.TryParse(TextOf(value, key.Name)?.Replace("_", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            _mistakes.Add(value.Place, $"'{key.Name}' is {value.Kind}", $"it takes a whole number, {key.Min} to {key.Max}");
            return key.Default;
        }
        if (number >= key.Min && number <= key.Max) return number;
        _mistakes.Add(value.Place, $"'{key.Name}' is {number}, out of range", $"it takes {key.Min} to {key.Max}");
        return key.Default;
    }

    public T Choice<T>(ChoiceKey<T> key)
    {
        if (Take(key) is not { } value) return key.Default;
        var text = TextOf(value, key.Name);
        if (text is null) return key.Default;
        foreach (var (word, choice) in key.Choices)
            if (word == text) return choice;
        _mistakes.Add(value.Place, $"'{key.Name}' is '{text}'", Spelling.Hint(text, key.Words));
        return key.Default;
    }

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(TextsKey key) => [.. TextsWithPlaces(key).Select(t => t.Text)];

    public IReadOnlyList<(string Text, Place Place)> TextsWithPlaces(TextsKey key) => Take(key) switch
    {
        null => [],
        YamlText one => TextOf(one, key.Name) is { } text ? [(text, one.Place)] : [],
        YamlList list => [.. list.Items.Select(i => (Text: TextOf(i, key.Name), i.Place)).Where(i => i.Text is not null).Select(i => (i.Text!, i.Place))],
        var other => Wrong<(string, Place)>(other, key.Name, "it takes a list of texts"),
    };

    /// <summary>A mapping inside; null where the key is missing or not one (reported).</summary>
    public Section? Map(ManifestKey key)
    {
        var value = Take(key);
        if (value is null) return null;
        var name = _name.Length == 0 ? key.Name : $"{_name}.{key.Name}";
        if (value is YamlMap map) return new Section(map, name, _mistakes, _substitution);
        Wrong<string>(value, key.Name, "it takes a mapping (indented keys)");
        return null;
    }

    public Section? Within(YamlValue value, string key)
    {
        if (value is YamlMap map) return new Section(map, $"{_name}.{key}", _mistakes, _substitution);
        if (value is not YamlText { IsNull: true }) Wrong<string>(value, key, "it takes a mapping (indented keys)");
        return null;
    }

    public void Finish()
    {
        foreach (var (name, (key, _)) in _entries)
        {
            if (!_known.Contains(name)) _mistakes.Add(key.Place, _name.Length == 0 ? $"unknown key '{name}'" : $"unknown key '{name}' in '{_name}'", Spelling.Hint(name, _known));
        }
    }

    private IReadOnlyList<T> Wrong<T>(YamlValue value, string key, string hint)
    {
        _mistakes.Add(value.Place, $"'{key}' is {value.Kind}", hint);
        return [];
    }
}
