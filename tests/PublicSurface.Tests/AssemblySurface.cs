using System.Reflection;
using System.Runtime.CompilerServices;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>What an assembly offers to those who use it or derive from it.</summary>
public static class AssemblySurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Declaration> Of(Assembly assembly) => assembly.GetTypes().Where(IsVisible).SelectMany(OfType);

    private static bool IsVisible(Type type) => type.IsNested
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!)
        : type.IsPublic;

    private static IEnumerable<Declaration> OfType(Type type)
    {
        var name = TypeNames.Full(type);
        var home = type.DeclaringType == null ? type.Namespace ?? "" : TypeNames.Full(type.DeclaringType);
        if (type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            var invoke = type.GetMethod("Invoke")!;
            return [new(home, $"delegate {TypeNames.Of(invoke.ReturnType)} {TypeNames.Simple(type)}({MemberText.Parameters(invoke)}){MemberText.Constraints(type.GetGenericArguments())}")];
        }

        var declarations = new List<Declaration> { new(home, $"{Kind(type)} {TypeNames.Simple(type)}{MemberText.Constraints(OwnParameters(type))}") };
        if (type.IsEnum)
        {
            declarations.AddRange(Enum.GetNames(type).Select(n => new Declaration(name, $"{n} = {Convert.ChangeType(Enum.Parse(type, n), Enum.GetUnderlyingType(type))}")));
            return declarations;
        }

        declarations.AddRange(Bases(type).Select(b => new Declaration(name, $": {TypeNames.Of(b)}")));
        declarations.AddRange(type.GetMembers(Declared).SelectMany(MemberText.Of).Select(text => new Declaration(name, text)));
        return declarations;
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    private static Type[] OwnParameters(Type type) => type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..];

    /// <summary>The base class and the interfaces it does not bring along.</summary>
    private static IEnumerable<Type> Bases(Type type)
    {
        var parent = type.BaseType;
        var inherited = parent?.GetInterfaces() ?? [];
        var own = type.GetInterfaces().Except(inherited).Where(i => IsVisible(i.IsGenericType ? i.GetGenericTypeDefinition() : i));
        return parent == null || parent == typeof(object) || parent == typeof(ValueType) ? own : own.Prepend(parent);
    }
}
