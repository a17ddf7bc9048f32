using System.Globalization;
using System.Text;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Where topics of ours are read on from: what a graph keeps as <see cref="Cut.Offsets"/>. As text <c>PREFIX|EPOCH:CHANGE|TABLE=OFFSET,OFFSET|…</c>, the table being its topic's name without the prefix, with an
/// offset for each partition.
/// </summary>
/// <param name="Prefix">Of the topics.</param>
/// <param name="Epoch">Of the last change that was read; 0 where none was.</param>
/// <param name="Change">Its number in the epoch; 0 where nothing of the epoch was read yet.</param>
/// <param name="Offsets">By topic, for each partition, of the next message.</param>
public sealed record ReadPlace(string Prefix, long Epoch, long Change, IReadOnlyDictionary<string, long[]> Offsets)
{
    /// <summary>Before everything.</summary>
    public static ReadPlace Start(string prefix) => new(prefix, 0, 0, new Dictionary<string, long[]>());

    /// <summary>Of the partition's next message; null where nothing is known of it.</summary>
    public long? Of(string topic, int partition) => Offsets.TryGetValue(topic, out var offsets) && partition < offsets.Length ? offsets[partition] : null;

    public override string ToString()
    {
        var text = new StringBuilder(Prefix).Append(CultureInfo.InvariantCulture, $"|{Epoch}:{Change}");
        foreach (var (topic, offsets) in Offsets.OrderBy(o => o.Key, StringComparer.Ordinal))
            text.Append('|').Append(topic.AsSpan(Prefix.Length + 1)).Append('=').AppendJoin(',', offsets.Select(o => o.ToString(CultureInfo.InvariantCulture)));
        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is no place.</exception>
    public static ReadPlace Parse(string text)
    {
        var parts = text.Split('|');
        if (parts.Length < 2 || parts[1].Split(':') is not [var epoch, var change]) throw new FormatException($"'{text}' is no place in topics");
        var offsets = new Dictionary<string, long[]>();
        foreach (var part in parts.Skip(2))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new FormatException($"'{part}' is no topic with its offsets");
            offsets[$"{parts[0]}.{part[..equals]}"] = equals == part.Length - 1 ? [] : [.. part[(equals + 1)..].Split(',').Select(Number)];
        }
        return new ReadPlace(parts[0], Number(epoch), Number(change), offsets);
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{text}' is no offset");
}
