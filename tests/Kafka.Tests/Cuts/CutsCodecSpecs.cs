using System.Text;
using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Cuts;

public sealed class CutsCodecSpecs
{
    private const string Where = "app.__cuts, offset 7";

    [Fact]
    public void A_claim_comes_back()
    {
        var claim = new ClaimRecord { Epoch = 3, By = Guid.Parse("11111111-2222-3333-4444-555555555555") };
        Back(claim).ShouldBe(claim);
        Key(claim).ShouldBe("""{"claim":3,"by":"11111111-2222-3333-4444-555555555555"}""");
    }

    [Fact]
    public void An_epoch_comes_back()
    {
        var epoch = Records.Epoch(3) with { ResumesEpoch = 2, ResumesChange = 40, Position = new Position(new Lsn(0x1_0000_0002), 5), Copy = Copy() };
        var back = Back(epoch).ShouldBeOfType<EpochRecord>();
        Key(epoch).ShouldBe("""{"epoch":3}""");
        (back with { Copy = epoch.Copy, Offsets = epoch.Offsets, Ends = epoch.Ends }).ShouldBe(epoch);
        back.Offsets["app.public.users"].ShouldBe([5, 0]);
        back.Ends["app.public.users"].ShouldBe([7, 1]);
        Same(back.Copy, epoch.Copy);
    }

    [Fact]
    public void A_relation_comes_back_with_whole_types()
    {
        var relation = new RelationRecord
        {
            Epoch = 2,
            Change = 17,
            Table = new TableName("odd.schema", "a\"b"),
            At = new Position(new Lsn(99), 4),
            Columns =
            [
                new RelationColumn("id", new PgType("bigint", PgKind.Int8)),
                new RelationColumn("price", new PgType("numeric(10,2)", PgKind.Numeric, null, 10, 2)),
                new RelationColumn("tags", new PgType("text[]", PgKind.Array, new PgType("text", PgKind.Text))),
            ],
            Key = ["id"],
            Changed = new ColumnsChange([new ColumnRename("cost", "price")], ["old"], ["tags"]),
        };
        var back = Back(relation).ShouldBeOfType<RelationRecord>();
        Key(relation).ShouldBe("""{"relation":"odd.schema.a\u0022b","epoch":2,"change":17}""");
        back.Table.ShouldBe(relation.Table);
        back.At.ShouldBe(relation.At);
        back.Columns.ShouldBe(relation.Columns);
        back.ToRelation().KeyOrdinals.ShouldBe([0]);
        back.Changed!.Renamed.ShouldBe([new ColumnRename("cost", "price")]);
        back.Changed.Dropped.ShouldBe(["old"]);
        back.Changed.Added.ShouldBe(["tags"]);
    }

    [Fact]
    public void A_cut_comes_back_with_and_without_a_copy()
    {
        var cut = Records.Cut(3, 12) with { Copy = Copy(), CommitTimestamp = 1_700_000_000_123_456 };
        var back = Back(cut).ShouldBeOfType<CutRecord>();
        (back with { Copy = cut.Copy, Offsets = cut.Offsets }).ShouldBe(cut);
        back.Offsets["app.public.users"].ShouldBe([12, 3]);
        Same(back.Copy!, cut.Copy);
        Key(cut).ShouldBe("""{"cut":3}""");
        Back(cut with { Copy = null }).ShouldBeOfType<CutRecord>().Copy.ShouldBeNull();
        Text(CutsCodec.Value(cut with { Copy = null })).ShouldBe("""{"change":12,"position":"0/C:end","watermark":"0/C","commit_ts_us":1700000000123456,"offsets":{"app.public.users":[12,3]},"epoch":3}""");
    }

    [Fact]
    public void Unknown_fields_are_passed_over() =>
        Read("""{"claim":3}""", """{"epoch":3,"by":"11111111-2222-3333-4444-555555555555","mood":{"good":true}}""").ShouldBeOfType<ClaimRecord>().Epoch.ShouldBe(3);

    [Theory]
    [InlineData("""{"promise":3}""", """{"epoch":3}""")]
    [InlineData("""{"cut":3}""", "")]
    public void What_a_newer_version_adds_or_takes_back_is_passed_over(string key, string value) => Read(key, value).ShouldBeNull();

    [Theory]
    [InlineData("""{"cut":3}""", """{"epoch":3}""")]
    [InlineData("""{"cut":3}""", "{")]
    [InlineData("""{"cut":3}""", "null")]
    [InlineData("""{"cut":3}""", """{"epoch":3,"change":1,"position":"here","watermark":"0/1","offsets":{}}""")]
    [InlineData("""{"cut":3}""", """{"epoch":3,"change":1,"position":"0/1:end","watermark":7,"offsets":{}}""")]
    [InlineData("""{"cut":3}""", """{"epoch":3,"change":1,"position":"0/1:end","watermark":"0/1","offsets":null}""")]
    [InlineData("""{"relation":"a.b"}""", """{"epoch":3,"change":1,"table":"a.b","at":"0/1:1","columns":[],"key":[]}""")]
    [InlineData("cut", """{"epoch":3}""")]
    [InlineData("", """{"epoch":3}""")]
    public void What_is_no_record_of_ours_is_a_clear_failure(string key, string value)
    {
        var failure = Should.Throw<PipelineFailure>(() => Read(key, value));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnfit);
        failure.Message.ShouldContain("app.__cuts, offset 7: this is no record of PolyglotSync's cuts");
        failure.Message.ShouldContain("choose another kafka.prefix");
    }

    private static CopyState Copy() => CopyState.Empty.With(new TableName("public", "users"), new TableCopy(CopyPhase.Copying, ["7", "ü"], 10, 20, "shape", ["id"], true))
        .With(new TableName("public", "posts"), new TableCopy(CopyPhase.Done, null, 1, 0));

    private static void Same(CopyState back, CopyState sent)
    {
        back.Tables.Keys.ShouldBe(sent.Tables.Keys);
        foreach (var (table, copy) in sent.Tables)
        {
            (back.Tables[table] with { Cursor = copy.Cursor, Key = copy.Key }).ShouldBe(copy);
            back.Tables[table].Cursor.ShouldBe(copy.Cursor);
            back.Tables[table].Key.ShouldBe(copy.Key);
        }
    }

    private static CutsRecord? Back(CutsRecord record) => CutsCodec.Read(CutsCodec.Key(record), CutsCodec.Value(record), Where);

    private static CutsRecord? Read(string key, string value) => CutsCodec.Read(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), Where);

    private static string Key(CutsRecord record) => Text(CutsCodec.Key(record));

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
