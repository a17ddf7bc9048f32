using System.Text;

namespace PolyglotSync.Graph.Tests.Values;

/// <summary>Changes as Cypher patterns, for a person's eyes.</summary>
public sealed class ChangePatternTests
{
    private static readonly TableName Users = new("public", "users");
    private static readonly TableName Follows = new("public", "follows");

    private static readonly Relation UserRows = new(Users,
    [
        new("id", new PgType("bigint", PgKind.Int8)), new("name", new PgType("text", PgKind.Text)), new("active", new PgType("boolean", PgKind.Bool)),
        new("a", new PgType("text", PgKind.Text)), new("b", new PgType("text", PgKind.Text)), new("c", new PgType("text", PgKind.Text)),
    ], ["id"]);

    private static readonly Relation FollowRows = new(Follows,
        [new("follower_id", new PgType("bigint", PgKind.Int8)), new("followee_id", new PgType("bigint", PgKind.Int8)), new("since", new PgType("date", PgKind.Date))], ["follower_id", "followee_id"]);

    private static readonly GraphMapping Mapping = new(
    [
        new NodeMapping(Users, ["id"], "User", [new("id", "id"), new("name", "fullName"), new("active", "active"), new("a", "a"), new("b", "b"), new("c", "c")], []),
        new JoinMapping(Follows, ["follower_id", "followee_id"], "FOLLOWS", new ForeignKey("f1", ["follower_id"], Users, ["id"]), new ForeignKey("f2", ["followee_id"], Users, ["id"]), [new("since", "since")]),
    ]);

    [Theory]
    [InlineData(RowOperationKind.Insert, "CREATE"), InlineData(RowOperationKind.Upsert, "MERGE"), InlineData(RowOperationKind.Update, "SET")]
    public void A_row_is_a_node_with_its_key_and_its_first_properties_under_their_names(RowOperationKind kind, string verb) =>
        Describe(kind, UserRows, "7", "Ada", "t", "x", "y", "z").ShouldBe($"{verb} (:User {{id: 7, fullName: 'Ada', active: true, a: 'x', b: 'y', …}})");

    [Fact]
    public void What_goes_is_shown_by_its_key_alone() => Describe(RowOperationKind.Delete, UserRows, "7", "Ada", "t", "x", "y", "z").ShouldBe("DELETE (:User {id: 7})");

    [Fact]
    public void A_row_of_a_join_table_is_a_relationship_between_the_nodes_that_it_names() =>
        Describe(RowOperationKind.Insert, FollowRows, "7", "9", "2026-01-01").ShouldBe("CREATE (:User {id: 7})-[:FOLLOWS {since: '2026-01-01'}]->(:User {id: 9})");

    [Fact]
    public void What_is_null_or_was_not_sent_is_left_out() =>
        Describe(RowOperationKind.Update, UserRows, "7", null, "f", null, null, null).ShouldBe("SET (:User {id: 7, active: false, …})");

    [Fact]
    public void A_long_text_is_cut_on_one_line_and_never_inside_a_character()
    {
        Describe(RowOperationKind.Insert, UserRows, "7", "one\ntwo", null, null, null, null).ShouldBe("CREATE (:User {id: 7, fullName: 'one two', …})");
        Describe(RowOperationKind.Insert, UserRows, "7", new string('x', 40), null, null, null, null).ShouldBe($"CREATE (:User {{id: 7, fullName: '{new string('x', 24)}…', …}})");
        Describe(RowOperationKind.Insert, UserRows, "7", new string('x', 23) + "😀 and more", null, null, null, null).ShouldBe($"CREATE (:User {{id: 7, fullName: '{new string('x', 23)}…', …}})");
    }

    [Fact]
    public void An_end_whose_table_is_no_node_is_a_node_of_which_nothing_is_known()
    {
        var mapping = new GraphMapping([Mapping.Tables[1]]);
        ChangePatterns.Describe(mapping, Operation(RowOperationKind.Insert, FollowRows, "7", "9", null)).ShouldBe("CREATE ()-[:FOLLOWS]->()");
    }

    [Fact]
    public void A_table_that_is_not_mapped_has_no_pattern() =>
        ChangePatterns.Describe(new GraphMapping([]), Operation(RowOperationKind.Insert, UserRows, "7", "Ada", null, null, null, null)).ShouldBeNull();

    private static string? Describe(RowOperationKind kind, Relation relation, params string?[] values) => ChangePatterns.Describe(Mapping, Operation(kind, relation, values));

    private static RowOperation Operation(RowOperationKind kind, Relation relation, params string?[] values)
    {
        var writer = new ChangeBatchWriter();
        var image = writer.BeginImage(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value) writer.Column(image, i, Encoding.UTF8.GetBytes(value));
            else writer.Null(image, i);
        }
        writer.Add(new ChangeEntry(ChangeKind.Insert, OldImage.None, false, relation, image, -1, new Position(new Lsn(1), 0)));
        var batch = writer.Complete(null);
        var row = new ImageRef(batch.Buffer, batch.Entries[0].New);
        return new RowOperation(kind, relation, row, relation, row, OldImage.None, Position.Start, 0, 1);
    }
}
