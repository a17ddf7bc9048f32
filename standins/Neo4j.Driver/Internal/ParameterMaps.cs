#nullable enable
using System.Collections;
using System.Reflection;

namespace Neo4j.Driver.Internal;

/// <summary>
/// Turns what a caller hands in as parameters into a map. A dictionary is taken as it is; any other object gives its properties, and
/// only then its values are looked into: reference types that are not Cypher values become maps of their properties in turn.
/// </summary>
internal static class ParameterMaps
{
    public static IDictionary<string, object?>? From(object? parameters) => parameters switch
    {
        null => null,
        Dictionary<string, object?> map => map,
        IDictionary<string, object?> map => new Dictionary<string, object?>(map),
        IEnumerable<KeyValuePair<string, object?>> pairs => new Dictionary<string, object?>(pairs),
        _ => Properties(parameters),
    };

    private static Dictionary<string, object?> Properties(object source)
    {
        var map = new Dictionary<string, object?>();
        foreach (var property in source.GetType().GetRuntimeProperties())
        {
            map.Add(property.Name, Unfold(property.GetValue(source)));
        }

        return map;
    }

    private static object? Unfold(object? value) => value switch
    {
        null or string => value,
        Array array => NeedsUnfolding(array.GetType().GetElementType()!) ? Elements(array) : array,
        IList list => NeedsUnfolding(ElementType(list, typeof(List<>), 0)) ? Elements(list) : list,
        IDictionary map => Entries(map),
        IEnumerable sequence => Elements(sequence),
        _ => NeedsUnfolding(value.GetType()) ? Properties(value) : value,
    };

    private static List<object?> Elements(IEnumerable source)
    {
        var list = source is ICollection sized ? new List<object?>(sized.Count) : [];
        foreach (var element in source) list.Add(Unfold(element));
        return list;
    }

    private static Dictionary<string, object?> Entries(IDictionary source)
    {
        var map = new Dictionary<string, object?>(source.Count);
        foreach (DictionaryEntry entry in source)
        {
            if (entry.Key is not string key)
            {
                throw new InvalidOperationException($"A map in a parameter has a key of type {entry.Key.GetType().Name}; Cypher's maps have strings.");
            }

            map.Add(key, Unfold(entry.Value));
        }

        return map;
    }

    private static Type? ElementType(object value, Type generic, int argument)
    {
        var type = value.GetType();
        return type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GenericTypeArguments[argument] : null;
    }

    private static bool NeedsUnfolding(Type? type) =>
        type == null || (type != typeof(string) && !type.IsValueType && !CypherValues.Contains(type));
}
