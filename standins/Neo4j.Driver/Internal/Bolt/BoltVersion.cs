#nullable enable
using System.Buffers.Binary;

namespace Neo4j.Driver.Internal.Bolt;

/// <summary>A version of the protocol and how one is agreed on: 5.4 down to 5.0, or 4.4.</summary>
internal readonly record struct BoltVersion(int Major, int Minor) : IComparable<BoltVersion>
{
    /// <summary>The magic preamble, then four proposals: (0, minor versions below that are fine too, minor, major).</summary>
    public static ReadOnlyMemory<byte> Handshake { get; } = new byte[]
    {
        0x60, 0x60, 0xB0, 0x17, 0, 4, 4, 5, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0,
    };

    public const int AnswerBytes = 4;

    public static bool operator >=(BoltVersion left, BoltVersion right) => left.CompareTo(right) >= 0;

    public static bool operator <=(BoltVersion left, BoltVersion right) => left.CompareTo(right) <= 0;

    public int CompareTo(BoltVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => $"{Major}.{Minor}";

    /// <exception cref="NotSupportedException">The peer speaks HTTP or no version in common.</exception>
    public static BoltVersion Agreed(ReadOnlySpan<byte> answer) => BinaryPrimitives.ReadInt32BigEndian(answer) switch
    {
        0 => throw new NotSupportedException("The server supports none of the Bolt versions of this driver (5.4 to 5.0, and 4.4)."),
        0x48545450 => throw new NotSupportedException(
            "The server speaks HTTP on this port. Bolt has a port of its own, 7687 unless configured otherwise (HTTP: 7474)."),
        _ when answer is [0, 0, <= 4, 5] or [0, 0, 4, 4] => new BoltVersion(answer[3], answer[2]),
        _ => throw new NotSupportedException($"The server chose Bolt {answer[3]}.{answer[2]}, which was not offered."),
    };
}
