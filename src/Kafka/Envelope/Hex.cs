namespace PolyglotSync.Kafka.Envelope;

/// <summary>Hexadecimal digits in UTF-8, as <c>bytea_output = hex</c> prints them.</summary>
internal static class Hex
{
    public static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    /// <summary>The value of one digit of either case; -1 for any other byte.</summary>
    public static int Value(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Reads pairs of digits.</summary>
    /// <returns>False at an odd number of digits or a byte that is none.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> bytes)
    {
        if (digits.Length % 2 != 0) return false;
        for (var i = 0; i < digits.Length; i += 2)
        {
            var value = (Value(digits[i]) << 4) | Value(digits[i + 1]);
            if (value < 0) return false;
            bytes[i / 2] = (byte)value;
        }
        return true;
    }
}
