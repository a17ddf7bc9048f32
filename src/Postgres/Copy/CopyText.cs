using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>COPY's text format: columns parted by tabs, <c>\N</c> for NULL, backslash escapes; a line feed ends a row and never stands inside one.</summary>
internal static class CopyText
{
    /// <summary>Writes one row (without its line feed) as an image.</summary>
    /// <returns>The image's offset.</returns>
    /// <exception cref="InvalidDataException">The row has another number of columns.</exception>
    public static int Row(ReadOnlySpan<byte> line, int columns, ChangeBatchWriter writer)
    {
        var image = writer.BeginImage(columns);
        var escaped = line.Contains((byte)'\\');
        for (var i = 0; i < columns; i++)
        {
            var tab = line.IndexOf((byte)'\t');
            if (tab < 0 != (i == columns - 1)) throw new InvalidDataException($"a copied row does not have {columns} columns");
            var text = tab < 0 ? line : line[..tab];
            if (!escaped) writer.Column(image, i, text);
            else if (text.SequenceEqual("\\N"u8)) writer.Null(image, i);
            else Unescape(text, writer, image, i);
            if (tab >= 0) line = line[(tab + 1)..];
        }
        return image;
    }

    private static void Unescape(ReadOnlySpan<byte> text, ChangeBatchWriter writer, int image, int column)
    {
        var escapes = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') continue;
            escapes++;
            i++;
        }
        var target = writer.Reserve(image, column, text.Length - escapes);
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            target[at++] = text[i] != '\\' ? text[i] : (char)text[++i] switch
            {
                'b' => (byte)'\b',
                'f' => (byte)'\f',
                'n' => (byte)'\n',
                'r' => (byte)'\r',
                't' => (byte)'\t',
                'v' => (byte)'\v',
                _ => text[i],
            };
        }
    }
}
