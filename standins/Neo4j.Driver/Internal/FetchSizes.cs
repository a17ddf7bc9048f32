#nullable enable
namespace Neo4j.Driver.Internal;

internal static class FetchSizes
{
    public static long Checked(long size) => size is > 0 or Config.Infinite
        ? size
        : throw new ArgumentOutOfRangeException(nameof(size), size, "A fetch size is 1 or more, or Config.Infinite.");
}
