using System.Reflection;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>Writes types as a listing does: full names, C#'s words for the built-in ones, T? for nullable values.</summary>
public static class TypeNames
{
    public static readonly IReadOnlyDictionary<Type, string> Words = new Dictionary<Type, string>
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsGenericParameter) return type.Name;
        if (Words.TryGetValue(type, out var word)) return word;
        return Nullable.GetUnderlyingType(type) is { } value && !type.IsGenericTypeDefinition ? Of(value) + "?" : Full(type);
    }

    /// <summary>The name that members' declarations give as their owner.</summary>
    public static string Full(Type type)
    {
        var outer = type.DeclaringType;
        var arguments = type.GetGenericArguments();
        var inherited = outer?.GetGenericArguments().Length ?? 0;
        string prefix;
        if (outer == null) prefix = type.Namespace == null ? "" : type.Namespace + ".";
        else prefix = Full(inherited > 0 ? outer.MakeGenericType(arguments[..inherited]) : outer) + ".";
        return prefix + Simple(type, arguments[inherited..]);
    }

    public static string Simple(Type type) => Simple(type, type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..]);

    private static string Simple(Type type, Type[] own)
    {
        var name = type.Name.Split('`')[0];
        return own.Length == 0 ? name : $"{name}<{string.Join(",", own.Select(Of))}>";
    }
}
