#nullable enable
using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Neo4j.Driver.Internal;

/// <summary>The conversions behind <see cref="ValueExtensions"/>: casts, numbers, text, lists and maps element by element.</summary>
internal static class ValueConversion
{
    private static readonly MethodInfo ConvertElement =
        typeof(ValueConversion).GetMethod(nameof(To), BindingFlags.Static | BindingFlags.Public)!;

    public static T To<T>(object? value)
    {
        if (value is T same) return same;
        if (value == null)
        {
            return default(T) == null ? default! : throw new InvalidCastException($"Unable to cast `null` to `{typeof(T)}`.");
        }

        var target = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (target == typeof(string)) return (T)(object)value.ToString()!;
        if (value is IConvertible) return (T)Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
        if (target.IsGenericType && value is IDictionary map && typeof(IDictionary).IsAssignableFrom(target)) return (T)Map(map, target);
        if (target.IsGenericType && value is IEnumerable list && typeof(IEnumerable).IsAssignableFrom(target)) return (T)List(list, target);
        throw new InvalidCastException($"Unable to cast object of type `{value.GetType()}` to type `{typeof(T)}`.");
    }

    private static object Map(IDictionary source, Type target)
    {
        var arguments = target.GenericTypeArguments;
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        foreach (DictionaryEntry entry in source) map.Add(Element(entry.Key, arguments[0])!, Element(entry.Value, arguments[1]));
        return map;
    }

    private static object List(IEnumerable source, Type target)
    {
        var element = target.GenericTypeArguments[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (var value in source) list.Add(Element(value, element));
        return list;
    }

    private static object? Element(object? value, Type target) =>
        ConvertElement.MakeGenericMethod(target).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [value], CultureInfo.InvariantCulture);
}
