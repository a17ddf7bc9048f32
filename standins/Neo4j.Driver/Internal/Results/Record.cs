#nullable enable
using System.Collections;

namespace Neo4j.Driver.Internal.Results;

/// <summary>The names of a result's columns, shared by all of its records.</summary>
internal sealed class Columns
{
    private readonly Dictionary<string, int> _exact = [];
    private readonly Dictionary<string, int> _anyCase = new(StringComparer.InvariantCultureIgnoreCase);

    public Columns(string[] names)
    {
        Names = names;
        for (var i = 0; i < names.Length; i++)
        {
            _exact[names[i]] = i;
            _anyCase.TryAdd(names[i], i);
        }
    }

    public string[] Names { get; }

    public bool TryFind(string name, bool anyCase, out int index) => (anyCase ? _anyCase : _exact).TryGetValue(name, out index);

    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public int Find(string name, bool anyCase = false) => TryFind(name, anyCase, out var index)
        ? index
        : throw new KeyNotFoundException($"The result has no column '{name}'; its columns are {string.Join(", ", Names)}.");
}

internal sealed class Record(Columns columns, object?[] values) : IRecord
{
    public IReadOnlyList<string> Keys => columns.Names;

    public IReadOnlyDictionary<string, object?> Values => this;

    public int Count => values.Length;

    IEnumerable<string> IReadOnlyDictionary<string, object?>.Keys => columns.Names;

    IEnumerable<object?> IReadOnlyDictionary<string, object?>.Values => values;

    public object this[int index] => values[index]!;

    public object this[string key] => values[columns.Find(key)]!;

    public T Get<T>(string key) => ValueConversion.To<T>(values[columns.Find(key)]);

    public T GetCaseInsensitive<T>(string key) => ValueConversion.To<T>(values[columns.Find(key, anyCase: true)]);

    public bool TryGet<T>(string key, out T value) => TryGet(key, anyCase: false, out value);

    public bool TryGetCaseInsensitive<T>(string key, out T value) => TryGet(key, anyCase: true, out value);

    public bool ContainsKey(string key) => columns.TryFind(key, anyCase: false, out _);

    public bool TryGetValue(string key, out object? value) => TryGet(key, anyCase: false, out value);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < values.Length; i++) yield return new KeyValuePair<string, object?>(columns.Names[i], values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryGet<T>(string key, bool anyCase, out T value)
    {
        var found = columns.TryFind(key, anyCase, out var index);
        value = found ? ValueConversion.To<T>(values[index]) : default!;
        return found;
    }
}
