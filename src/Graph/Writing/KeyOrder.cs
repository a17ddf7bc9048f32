using System.Buffers;
using System.Buffers.Binary;
using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>
/// Brings the rows of a statement into the order of the nodes that they are about: the graph then walks its key's index and its store in one direction. Neo4j 5.26 takes a third more
/// relationships and a quarter more updates a second so. Only speed depends on it, so the order is coarse: by the length of the key's text, then its first bytes, which for numbers is theirs.
/// </summary>
internal static class KeyOrder
{
    /// <summary>Fewer rows lie in the caches anyway.</summary>
    private const int WorthSorting = 100;

    /// <param name="indexes">Into <paramref name="operations"/>.</param>
    /// <param name="field">The key's first column, or the one that refers to it.</param>
    public static void Sort(List<int> indexes, ReadOnlySpan<RowOperation> operations, Field field)
    {
        if (indexes.Count < WorthSorting) return;
        var places = ArrayPool<ulong>.Shared.Rent(indexes.Count);
        for (var i = 0; i < indexes.Count; i++) places[i] = PlaceOf(operations[indexes[i]].New.Image, field.Ordinal);
        places.AsSpan(0, indexes.Count).Sort(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(indexes));
        ArrayPool<ulong>.Shared.Return(places);
    }

    private static ulong PlaceOf(RowImage image, int ordinal)
    {
        if (!image.HasValue(ordinal)) return 0;
        var text = image[ordinal];
        Span<byte> first = stackalloc byte[8];
        first.Clear();
        text[..Math.Min(7, text.Length)].CopyTo(first[1..]);
        first[0] = (byte)Math.Min(255, text.Length);
        return BinaryPrimitives.ReadUInt64BigEndian(first);
    }
}
