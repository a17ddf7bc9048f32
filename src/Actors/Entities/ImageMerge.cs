using System.Runtime.InteropServices;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>Brings unsent columns (unchanged TOAST) of a newer image over from an older one of the same row.</summary>
internal static class ImageMerge
{
    /// <summary>The newer image, or a merged copy of its own where the older one has columns that the newer was not sent.</summary>
    public static ImageRef FillUnsent(ImageRef newer, Relation newerRelation, ImageRef older, Relation olderRelation)
    {
        var image = newer.Image;
        if (image.IsWhole) return newer;
        var source = older.Image;
        var size = sizeof(int) + (image.Count * 2 * sizeof(int));
        var from = new int[image.Count];
        for (var i = 0; i < image.Count; i++)
        {
            from[i] = image.IsSent(i) ? -1 : ReferenceEquals(newerRelation, olderRelation) ? i : olderRelation.Ordinal(newerRelation.Columns[i].Name);
            size += (from[i] < 0 ? image[i] : source[from[i]]).Length;
        }
        var buffer = new byte[size];
        var header = MemoryMarshal.Cast<byte, int>(buffer.AsSpan(0, sizeof(int) + (image.Count * 2 * sizeof(int))));
        header[0] = image.Count;
        var at = header.Length * sizeof(int);
        for (var i = 0; i < image.Count; i++)
        {
            var text = from[i] < 0 ? image[i] : source[from[i]];
            var (isNull, isSent) = from[i] < 0 ? (image.IsNull(i), image.IsSent(i)) : (source.IsNull(from[i]), source.IsSent(from[i]));
            header[1 + (i * 2)] = at;
            header[2 + (i * 2)] = isNull ? RowImage.Null : isSent ? text.Length : RowImage.NotSent;
            text.CopyTo(buffer.AsSpan(at));
            at += text.Length;
        }
        return new ImageRef(buffer, 0);
    }
}
