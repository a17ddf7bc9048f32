using System.Globalization;

namespace Neo4j.Driver;

/// <summary>A date, time or duration of Cypher, whose years and nanoseconds go further than those of .NET.</summary>
public abstract class TemporalValue : IConvertible
{
    protected virtual DateTime ConvertToDateTime() => throw Impossible(typeof(DateTime));

    protected virtual DateTimeOffset ConvertToDateTimeOffset() => throw Impossible(typeof(DateTimeOffset));

    protected virtual TimeSpan ConvertToTimeSpan() => throw Impossible(typeof(TimeSpan));

    TypeCode IConvertible.GetTypeCode() => TypeCode.Object;

    DateTime IConvertible.ToDateTime(IFormatProvider provider) => ConvertToDateTime();

    string IConvertible.ToString(IFormatProvider provider) => ToString();

    object IConvertible.ToType(Type conversionType, IFormatProvider provider)
    {
        if (conversionType == typeof(DateTime)) return ConvertToDateTime();
        if (conversionType == typeof(DateTimeOffset)) return ConvertToDateTimeOffset();
        if (conversionType == typeof(TimeSpan)) return ConvertToTimeSpan();
        if (conversionType == typeof(string)) return ToString();
        throw Impossible(conversionType);
    }

    bool IConvertible.ToBoolean(IFormatProvider provider) => throw Impossible(typeof(bool));

    byte IConvertible.ToByte(IFormatProvider provider) => throw Impossible(typeof(byte));

    char IConvertible.ToChar(IFormatProvider provider) => throw Impossible(typeof(char));

    decimal IConvertible.ToDecimal(IFormatProvider provider) => throw Impossible(typeof(decimal));

    double IConvertible.ToDouble(IFormatProvider provider) => throw Impossible(typeof(double));

    short IConvertible.ToInt16(IFormatProvider provider) => throw Impossible(typeof(short));

    int IConvertible.ToInt32(IFormatProvider provider) => throw Impossible(typeof(int));

    long IConvertible.ToInt64(IFormatProvider provider) => throw Impossible(typeof(long));

    sbyte IConvertible.ToSByte(IFormatProvider provider) => throw Impossible(typeof(sbyte));

    float IConvertible.ToSingle(IFormatProvider provider) => throw Impossible(typeof(float));

    ushort IConvertible.ToUInt16(IFormatProvider provider) => throw Impossible(typeof(ushort));

    uint IConvertible.ToUInt32(IFormatProvider provider) => throw Impossible(typeof(uint));

    ulong IConvertible.ToUInt64(IFormatProvider provider) => throw Impossible(typeof(ulong));

    private InvalidCastException Impossible(Type target) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Conversion of {GetType().Name} to {target.Name} is not supported."));
}
