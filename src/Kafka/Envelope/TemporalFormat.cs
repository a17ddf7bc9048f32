namespace PolyglotSync.Kafka.Envelope;

/// <summary>Prints dates and times: as PostgreSQL does (DateStyle ISO, UTC), and as ISO 8601 with astronomical years, as Java does.</summary>
internal static class TemporalFormat
{
    public static void PgDate(long days, ByteBuffer output)
    {
        var (year, month, day) = Calendar.Date(days);
        Date(year > 0 ? year : 1 - year, month, day, output);
        if (year <= 0) output.Raw(" BC"u8);
    }

    /// <param name="zoned">True: <c>+00</c> stands behind the time.</param>
    public static void PgTimestamp(long days, long micros, bool zoned, ByteBuffer output)
    {
        var (year, month, day) = Calendar.Date(days);
        Date(year > 0 ? year : 1 - year, month, day, output);
        output.Byte((byte)' ');
        Time(micros, 0, output);
        if (zoned) output.Raw("+00"u8);
        if (year <= 0) output.Raw(" BC"u8);
    }

    /// <summary><c>2024-02-29T11:14:15.123456Z</c>; years above 9999 with a plus.</summary>
    /// <param name="digits">Digits after the second that are always there.</param>
    public static void IsoTimestamp(long days, long micros, int digits, ByteBuffer output)
    {
        var (year, month, day) = Calendar.Date(days);
        if (year < 0) output.Byte((byte)'-');
        else if (year > 9999) output.Byte((byte)'+');
        Date(Math.Abs(year), month, day, output);
        output.Byte((byte)'T');
        Time(micros, digits, output);
        output.Byte((byte)'Z');
    }

    /// <summary><c>13:14:15.5</c>: the fraction without trailing zeros, but with so many digits at least.</summary>
    public static void Time(long micros, int digits, ByteBuffer output)
    {
        var seconds = micros / 1_000_000;
        Two((int)(seconds / 3600), output);
        output.Byte((byte)':');
        Two((int)(seconds / 60 % 60), output);
        output.Byte((byte)':');
        Two((int)(seconds % 60), output);
        Fraction((int)(micros % 1_000_000), digits, output);
    }

    /// <summary>A point and the digits of millionths; nothing where there are none.</summary>
    public static void Fraction(int micros, int digits, ByteBuffer output)
    {
        var length = 6;
        for (; length > digits && micros % 10 == 0 && length > 0; length--) micros /= 10;
        if (length == 0) return;
        output.Byte((byte)'.');
        var free = output.Free(length);
        for (var i = length - 1; i >= 0; i--, micros /= 10) free[i] = (byte)('0' + (micros % 10));
        output.Advance(length);
    }

    private static void Date(long year, int month, int day, ByteBuffer output)
    {
        if (year < 1000) output.Byte((byte)'0');
        if (year < 100) output.Byte((byte)'0');
        if (year < 10) output.Byte((byte)'0');
        output.Number(year);
        output.Byte((byte)'-');
        Two(month, output);
        output.Byte((byte)'-');
        Two(day, output);
    }

    private static void Two(int value, ByteBuffer output)
    {
        output.Byte((byte)('0' + (value / 10)));
        output.Byte((byte)('0' + (value % 10)));
    }
}
