using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Tests.Compliance;
using static PolyglotSync.Graph.Tests.Inference.MappingInferenceTests;

namespace PolyglotSync.Graph.Tests.Inference;

public sealed class JoinTableTests
{
    [Fact]
    public void A_table_whose_key_is_two_foreign_keys_is_a_relationship_with_the_other_columns_as_properties()
    {
        var join = Join(Two().Add("links", ["a_id int8", "b_id int8", "since date", "note text"], ["a_id", "b_id"], "b_id > bs(id)", "a_id > as(id)"));
        (join.Type, join.Start.ReferencedTable.Name, join.End.ReferencedTable.Name).ShouldBe(("LINKS", "as", "bs"));
        join.Properties.Select(p => p.Property).ShouldBe(["since", "note"]);
    }

    [Fact]
    public void It_starts_where_its_key_starts()
    {
        var join = Join(Two().Add("links", ["a_id int8", "b_id int8"], ["b_id", "a_id"], "a_id > as(id)", "b_id > bs(id)"));
        (join.Start.ReferencedTable.Name, join.End.ReferencedTable.Name).ShouldBe(("bs", "as"));
    }

    [Fact]
    public void Composite_ends_may_share_a_column()
    {
        var join = Join(new Tables().Add("us", ["tenant text", "id int8"], ["tenant", "id"]).Add("gs", ["tenant text", "id int8"], ["tenant", "id"])
            .Add("members", ["tenant text", "g_id int8", "u_id int8", "role text"], ["tenant", "u_id", "g_id"], "tenant,g_id > gs(tenant,id)", "tenant,u_id > us(tenant,id)"));
        (join.Start.ReferencedTable.Name, join.End.ReferencedTable.Name).ShouldBe(("us", "gs"));
        join.Properties.Select(p => p.Property).ShouldBe(["role"]);
    }

    [Theory]
    [InlineData("own surrogate key", "id,a_id,b_id", "id", "a_id > as(id)|b_id > bs(id)")]
    [InlineData("more in the key", "a_id,b_id,at", "a_id,b_id,at", "a_id > as(id)|b_id > bs(id)")]
    [InlineData("a third foreign key", "a_id,b_id,c_id", "a_id,b_id", "a_id > as(id)|b_id > bs(id)|c_id > as(id)")]
    [InlineData("one foreign key", "a_id,b_id", "a_id,b_id", "a_id > as(id)")]
    public void Every_other_table_is_a_node(string why, string columns, string key, string foreignKeys)
    {
        var (mapping, _) = Infer(Two().Add("links", [.. columns.Split(',').Select(c => c + " int8")], key.Split(','), foreignKeys.Split('|')));
        mapping.Tables.OfType<JoinMapping>().ShouldBeEmpty(why);
        Types(mapping, "links").Count().ShouldBe(foreignKeys.Split('|').Length);
    }

    [Fact]
    public void One_that_a_table_refers_to_is_a_node()
    {
        var (mapping, _) = Infer(Two().Add("links", ["a_id int8", "b_id int8"], ["a_id", "b_id"], "a_id > as(id)", "b_id > bs(id)")
            .Add("notes", ["id int8", "a int8", "b int8"], ["id"], "a,b > links(a_id,b_id)"));
        mapping.Tables.OfType<JoinMapping>().ShouldBeEmpty();
        Types(mapping, "links").ShouldBe(["A→public.as", "B→public.bs"]);
        Types(mapping, "notes").ShouldBe(["A_B→public.links"]);
    }

    [Fact]
    public void One_that_lacks_an_end_in_the_graph_is_a_node()
    {
        var (mapping, warnings) = MappingInference.Infer(Two().Add("links", ["a_id int8", "b_id int8"], ["a_id", "b_id"], "a_id > as(id)", "b_id > bs(id)").Build(),
            new MappingSettings { Exclude = [new("public", "bs")] });
        Types(mapping, "links").ShouldBe(["A→public.as"]);
        warnings.ShouldHaveSingleItem().Message.ShouldContain("public.bs is not a node");
    }

    [Fact]
    public void Equal_names_in_two_schemas_do_not_clash()
    {
        var (mapping, _) = Infer(new Tables().Add("users", ["id int8"], ["id"])
            .Add("public.likes", ["a int8", "b int8"], ["a", "b"], "a > users(id)", "b > users(id)").Add("sales.likes", ["a int8", "b int8"], ["a", "b"], "a > users(id)", "b > users(id)"));
        mapping.Tables.OfType<JoinMapping>().Select(j => j.Type).ShouldBe(["LIKES", "SALES_LIKES"]);
    }

    private static Tables Two() => new Tables().Add("as", ["id int8"], ["id"]).Add("bs", ["id int8"], ["id"]);

    private static JoinMapping Join(Tables tables) => (JoinMapping)Infer(tables).Mapping.Tables.Single(t => t is JoinMapping);
}
