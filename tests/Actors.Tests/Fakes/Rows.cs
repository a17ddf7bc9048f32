using System.Text;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Tests;

/// <summary>Writes change batches by hand: table <c>t(id int8 key, name text, big text)</c>.</summary>
internal sealed class Rows
{
    public const string Unsent = "\u0001unsent";

    public static readonly Relation Table = Named("t");

    private readonly ChangeBatchWriter _writer = new();
    private readonly Lsn _commit;
    private int _index;

    public Rows(ulong commit = 100) => _commit = new Lsn(commit);

    public static Relation Named(string table) => new(new TableName("public", table),
    [
        new RelationColumn("id", new PgType("bigint", PgKind.Int8)),
        new RelationColumn("name", new PgType("text", PgKind.Text)),
        new RelationColumn("big", new PgType("text", PgKind.Text)),
    ], ["id"]);

    public Rows Insert(long id, string? name, string? big = null, Relation? table = null) => Add(ChangeKind.Insert, Image(id, name, big), -1, OldImage.None, table);

    public Rows Copy(long id, string? name, string? big = null) => Add(ChangeKind.Copy, Image(id, name, big), -1, OldImage.None);

    public Rows Update(long id, string? name, string? big = null) => Add(ChangeKind.Update, Image(id, name, big), -1, OldImage.None);

    public Rows Move(long from, long to, string? name, string? big = null) =>
        Add(ChangeKind.Update, Image(to, name, big), Image(from, Unsent, Unsent), OldImage.Key);

    public Rows Delete(long id, Relation? table = null) => Add(ChangeKind.Delete, -1, Image(id, Unsent, Unsent), OldImage.Key, table);

    /// <summary>A row that was asked for once more, as it is in the source.</summary>
    public Rows Again(long id, string? name, string? big = null) => Add(ChangeKind.Copy, Image(id, name, big), -1, OldImage.None, unknown: true);

    /// <summary>A row that was asked for once more and is not there.</summary>
    public Rows Gone(long id) => Add(ChangeKind.Delete, -1, Image(id, Unsent, Unsent), OldImage.Key, unknown: true);

    public Rows Truncate(Relation? table = null) => Add(ChangeKind.Truncate, -1, -1, OldImage.None, table);

    /// <summary>A row whose image is too short for the update that follows: passes the router, fails in the entity.</summary>
    public Rows Broken()
    {
        var image = _writer.BeginImage(1);
        _writer.Column(image, 0, "1"u8);
        return Add(ChangeKind.Update, image, -1, OldImage.None).Update(1, "x", Unsent);
    }

    /// <param name="whole">False where the transaction goes on in the next batch.</param>
    /// <param name="at">Commit time, microseconds since 1970 UTC.</param>
    public ChangeBatch Batch(bool whole = true, long at = 0) =>
        _writer.Complete(whole ? new Cut(Position.EndOf(_commit), new Lsn(_commit.Value + 8)) : null, commitTimestamp: at);

    public ChangeBatch Batch(Cut cut) => _writer.Complete(cut);

    /// <summary>A change of the table's columns.</summary>
    public Rows Change()
    {
        _writer.AddSchemaChange(new SchemaChange(Table, Table, [], [], []), new Position(_commit, _index++));
        return this;
    }

    /// <summary>The new image of the first row.</summary>
    public static ImageRef ImageOf(Rows rows)
    {
        var batch = rows.Batch();
        return new ImageRef(batch.Buffer, batch.Entries[0].New);
    }

    public static string Text(ImageRef image, int column) =>
        !image.Image.IsSent(column) ? Unsent : image.Image.IsNull(column) ? "null" : Encoding.UTF8.GetString(image.Image[column]);

    private Rows Add(ChangeKind kind, int image, int old, OldImage oldImage, Relation? table = null, bool unknown = false)
    {
        _writer.Add(new ChangeEntry(kind, oldImage, unknown, table ?? Table, image, old, new Position(_commit, _index++)));
        return this;
    }

    private int Image(long id, string? name, string? big)
    {
        var image = _writer.BeginImage(3);
        _writer.Column(image, 0, Encoding.UTF8.GetBytes(id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Column(image, 1, name);
        Column(image, 2, big);
        return image;
    }

    private void Column(int image, int column, string? value)
    {
        if (value is null) _writer.Null(image, column);
        else if (value != Unsent) _writer.Column(image, column, Encoding.UTF8.GetBytes(value));
    }
}
