using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PolyglotSync.PublicSurface.Tests;

/// <summary>Writes members. Of the modifiers only those count that a listing tells truly: protected, static, const, readonly.</summary>
public static class MemberText
{
    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_LessThanOrEqual"] = "<=", ["op_GreaterThan"] = ">",
        ["op_GreaterThanOrEqual"] = ">=", ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^", ["op_LogicalNot"] = "!",
        ["op_UnaryNegation"] = "-", ["op_UnaryPlus"] = "+", ["op_OnesComplement"] = "~", ["op_Increment"] = "++", ["op_Decrement"] = "--",
        ["op_LeftShift"] = "<<", ["op_RightShift"] = ">>", ["op_True"] = "true", ["op_False"] = "false",
    };

    public static IEnumerable<string> Of(MemberInfo member) => member switch
    {
        FieldInfo field when IsVisible(field) => [Field(field)],
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) && !IsGenerated(constructor) =>
            [$"{Access(constructor)}.ctor({Parameters(constructor)})"],
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !IsGenerated(method) && !OverridesDotnet(method) => [Method(method)],
        MethodInfo method when method.Name.StartsWith("op_", StringComparison.Ordinal) && !IsConversion(method) && !IsGenerated(method) => [Operator(method)],
        PropertyInfo property when property.GetAccessors(true).Any(IsVisible) && !IsGenerated(property) => [Property(property)],
        EventInfo { AddMethod: { } add } happening when IsVisible(add) =>
            [$"{Access(add)}{Static(add)}event {TypeNames.Of(happening.EventHandlerType!)} {happening.Name}"],
        _ => [],
    };

    public static string Parameters(MethodBase method) => string.Join(",", method.GetParameters().Select(p => Parameter(p, method)));

    public static string Constraints(Type[] parameters) => string.Concat(parameters.Select(Constraint));

    private static string Field(FieldInfo field)
    {
        var access = field.IsPublic ? "" : "protected ";
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return $"{access}{kind}{TypeNames.Of(field.FieldType)} {field.Name}{value}";
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(",", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var constraints = method.IsGenericMethod && method.GetBaseDefinition() == method ? Constraints(method.GetGenericArguments()) : "";
        return $"{Access(method)}{Static(method)}{Returned(method)} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private static string Operator(MethodInfo method) =>
        $"static {TypeNames.Of(method.ReturnType)} operator {Operators.GetValueOrDefault(method.Name, method.Name)}({Parameters(method)})";

    /// <summary>The generator prints no conversions.</summary>
    private static bool IsConversion(MethodInfo method) => method.Name is "op_Implicit" or "op_Explicit";

    /// <summary>An override of what .NET's own base class offers adds nothing to the surface.</summary>
    private static bool OverridesDotnet(MethodInfo method) =>
        method.GetBaseDefinition().DeclaringType is { } origin && origin != method.DeclaringType && origin.Assembly == typeof(object).Assembly;

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).ToList();
        var isPublic = accessors.Any(a => a.IsPublic);
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(",", index.Select(p => Parameter(p, accessors[0])))}]";
        var body = string.Concat(accessors.OrderBy(a => a != property.GetMethod)
            .Select(a => a == property.GetMethod ? "get;" : "set;"));
        return $"{(isPublic ? "" : "protected ")}{Static(accessors[0])}{TypeNames.Of(property.PropertyType)} {name} {{ {body} }}";
    }

    private static string Parameter(ParameterInfo parameter, MethodBase method)
    {
        var isThis = parameter.Position == 0 && method.IsDefined(typeof(ExtensionAttribute), false);
        var way = parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params "
            : !parameter.ParameterType.IsByRef ? ""
            : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        var value = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "";
        return $"{(isThis ? "this " : "")}{way}{TypeNames.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        char letter => $"'{letter}'",
        bool flag => flag ? "true" : "false",
        Enum member => Convert.ToInt64(member, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Constraint(Type parameter)
    {
        var flags = parameter.GenericParameterAttributes;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : isStruct ? ["struct"] : [];
        parts.AddRange(parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeNames.Of));
        if (!isStruct && flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {parameter.Name}:{string.Join(",", parts)}";
    }

    private static string Returned(MethodInfo method) => (method.ReturnType.IsByRef ? "ref " : "") + TypeNames.Of(method.ReturnType);

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), false);
}
