using Neo4j.Driver.Internal;

namespace Neo4j.Driver;

/// <summary>Turns values of records into the types that the caller wants.</summary>
public static class ValueExtensions
{
    /// <exception cref="InvalidCastException">The value is null and the type has no null, or the types have nothing to do with each other.</exception>
    public static T As<T>(this object value) => ValueConversion.To<T>(value);

    /// <summary>As <see cref="As{T}(object)"/>, with <paramref name="defaultValue"/> for null.</summary>
    public static T As<T>(this object value, T defaultValue) => value == null ? defaultValue : ValueConversion.To<T>(value);
}
