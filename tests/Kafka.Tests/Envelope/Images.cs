using System.Text;

namespace PolyglotSync.Kafka.Tests.Envelope;

/// <summary>Images as text, to compare: null is NULL, <see cref="NotSent"/> is what was not sent.</summary>
internal static class Images
{
    public const string NotSent = "(not sent)";

    public static string?[] Texts(RowImage image)
    {
        var texts = new string?[image.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = image.IsNull(i) ? null : image.IsSent(i) ? Encoding.UTF8.GetString(image[i]) : NotSent;
        return texts;
    }

    public static string?[]? New(ChangeBatch batch, ChangeEntry entry) => entry.New < 0 ? null : Texts(batch.New(entry));

    public static string?[]? Old(ChangeBatch batch, ChangeEntry entry) => entry.Old < 0 ? null : Texts(batch.Old(entry));

    public static int Write(ChangeBatchWriter writer, IReadOnlyList<string?> texts)
    {
        var image = writer.BeginImage(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] is null) writer.Null(image, i);
            else if (texts[i] != NotSent) writer.Column(image, i, Encoding.UTF8.GetBytes(texts[i]!));
        }
        return image;
    }

    /// <summary>A batch of one change.</summary>
    public static ChangeBatch Batch(
        Relation relation, ChangeKind kind, IReadOnlyList<string?>? now = null, IReadOnlyList<string?>? old = null, OldImage oldImage = OldImage.None, bool unknown = false, Position? position = null)
    {
        var writer = new ChangeBatchWriter(1024, 4);
        var entry = new ChangeEntry(kind, oldImage, unknown, relation, now is null ? -1 : Write(writer, now), old is null ? -1 : Write(writer, old), position ?? new Position(new Lsn(0x16B3748), 7));
        writer.Add(entry);
        return writer.Complete(null, commitTimestamp: 1_700_000_000_123_456);
    }
}
