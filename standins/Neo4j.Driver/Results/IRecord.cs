namespace Neo4j.Driver;

/// <summary>One row of a result.</summary>
public interface IRecord : IReadOnlyDictionary<string, object>
{
    object this[int index] { get; }

    new IReadOnlyList<string> Keys { get; }

    new IReadOnlyDictionary<string, object> Values { get; }

    T Get<T>(string key);

    bool TryGet<T>(string key, out T value);

    T GetCaseInsensitive<T>(string key);

    bool TryGetCaseInsensitive<T>(string key, out T value);
}
