using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Tests.Compliance;

namespace PolyglotSync.Graph.Tests.Inference;

/// <summary>What each shape of schema becomes, without a server.</summary>
public sealed class MappingInferenceTests
{
    [Fact]
    public void A_table_with_a_key_is_a_node_and_each_column_a_property_of_the_same_name()
    {
        var (mapping, warnings) = Infer(new Tables().Add("users", ["id int8", "full name text", "born date"], ["id"]));
        var node = Node(mapping, "users");
        (node.Label, node.IncludesNewColumns).ShouldBe(("User", true));
        node.Key.ShouldBe(["id"]);
        node.Properties.Select(p => (p.Column, p.Property, p.As)).ShouldBe(
            [("id", "id", PropertyEncoding.Default), ("full name", "full name", PropertyEncoding.Default), ("born", "born", PropertyEncoding.Default)]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_foreign_key_leads_from_child_to_parent_and_keeps_its_column_as_a_property()
    {
        var (mapping, _) = Infer(Posts());
        Types(mapping, "posts").ShouldBe(["AUTHOR→public.users"]);
        Node(mapping, "posts").Properties.ShouldContain(p => p.Property == "author_id");
        Types(mapping, "users").ShouldBeEmpty();
    }

    [Fact]
    public void Two_foreign_keys_to_one_table_are_told_apart_by_their_columns()
    {
        var (mapping, _) = Infer(new Tables().Add("users", ["id int8"], ["id"])
            .Add("messages", ["id int8", "sender_id int8", "receiver_id int8"], ["id"], "sender_id > users(id)", "receiver_id > users(id)"));
        Types(mapping, "messages").ShouldBe(["SENDER→public.users", "RECEIVER→public.users"]);
    }

    [Fact]
    public void A_self_reference_leads_to_the_same_label()
    {
        var (mapping, _) = Infer(new Tables().Add("users", ["id int8", "manager_id int8"], ["id"], "manager_id > users(id)"));
        Types(mapping, "users").ShouldBe(["MANAGER→public.users"]);
    }

    [Fact]
    public void One_column_that_refers_to_two_tables_gets_two_types()
    {
        var (mapping, _) = Infer(new Tables().Add("a", ["id int8"], ["id"]).Add("bs", ["id int8"], ["id"])
            .Add("c", ["id int8", "ref_id int8"], ["id"], "ref_id > a(id)", "ref_id > bs(id)"));
        Types(mapping, "c").ShouldBe(["REF→public.a", "REF_BS→public.bs"]);
    }

    [Fact]
    public void A_composite_foreign_key_is_one_relationship()
    {
        var (mapping, _) = Infer(new Tables().Add("orders", ["tenant text", "no int4"], ["tenant", "no"])
            .Add("lines", ["tenant text", "order_no int4", "line int4"], ["tenant", "order_no", "line"], "tenant,order_no > orders(tenant,no)"));
        Types(mapping, "lines").ShouldBe(["TENANT_ORDER_NO→public.orders"]);
        Node(mapping, "orders").Key.ShouldBe(["tenant", "no"]);
    }

    [Fact]
    public void A_foreign_key_may_refer_to_a_unique_key_that_is_not_the_primary_one()
    {
        var (mapping, warnings) = Infer(new Tables().Add("users", ["id int8", "email text"], ["id"]).Add("posts", ["id int8", "editor text"], ["id"], "editor > users(email)"));
        Types(mapping, "posts").ShouldBe(["EDITOR→public.users"]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Equal_names_in_two_schemas_are_told_apart_by_the_schema()
    {
        var (mapping, _) = Infer(new Tables().Add("public.users", ["id int8"], ["id"]).Add("sales.users", ["id int8"], ["id"]).Add("sales.orders", ["id int8"], ["id"]));
        mapping.Tables.OfType<NodeMapping>().Select(n => n.Label).ShouldBe(["PublicUser", "Order", "SalesUser"], ignoreOrder: true);
    }

    [Fact]
    public void Singular_and_plural_of_one_name_keep_their_own_spelling()
    {
        var (mapping, _) = Infer(new Tables().Add("user", ["id int8"], ["id"]).Add("users", ["id int8"], ["id"]));
        mapping.Tables.OfType<NodeMapping>().Select(n => n.Label).ShouldBe(["User", "Users"]);
    }

    [Fact]
    public void Labels_that_stay_alike_are_one_mistake_with_what_to_do()
    {
        var failure = Should.Throw<PipelineFailure>(() => Infer(new Tables().Add("user_x", ["id int8"], ["id"]).Add("userX", ["id int8"], ["id"])));
        failure.ExitCode.ShouldBe(ExitCode.InvalidManifest);
        failure.Message.ShouldContain("label 'UserX' is also the label of public.");
        failure.Message.ShouldContain("label:");
    }

    [Fact]
    public void A_relationship_type_that_a_join_table_has_taken_gets_the_parents_name()
    {
        var (mapping, _) = Infer(new Tables().Add("users", ["id int8", "follows_id int8"], ["id"], "follows_id > users(id)")
            .Add("follows", ["a_id int8", "b_id int8"], ["a_id", "b_id"], "a_id > users(id)", "b_id > users(id)"));
        Types(mapping, "users").ShouldBe(["FOLLOWS_USER→public.users"]);
        mapping.Tables.OfType<JoinMapping>().Single().Type.ShouldBe("FOLLOWS");
    }

    [Fact]
    public void Tables_without_a_key_are_left_out_with_a_warning()
    {
        var (mapping, warnings) = Infer(new Tables().Add("log", ["line text"], []).Add("users", ["id int8", "log_line text"], ["id"], "log_line > log(line)"));
        mapping.Tables.Select(t => t.Table.Name).ShouldBe(["users"]);
        warnings.Select(w => w.ToString()).ShouldBe([
            "public.log: left out: it has no primary key; add one, or name a unique key in the manifest (tables: public.log: {key: [column]})",
            "public.users: foreign key 'users_log_line_fkey' makes no relationship: public.log is not a node of the graph"]);
    }

    [Fact]
    public void A_foreign_key_to_a_table_left_out_is_warned_about()
    {
        var (mapping, warnings) = MappingInference.Infer(Posts().Build(), new MappingSettings { Exclude = [new("public", "users")] });
        Types(mapping, "posts").ShouldBeEmpty();
        warnings.ShouldHaveSingleItem().Message.ShouldContain("public.users is not a node of the graph");
    }

    [Fact]
    public void Types_without_a_counterpart_are_written_as_text_with_a_warning()
    {
        var (mapping, warnings) = Infer(new Tables().Add("t", ["id int8", "v other", "j json", "js json[]", "n int4[]"], ["id"]));
        Node(mapping, "t").Properties.Count.ShouldBe(5);
        warnings.Select(w => w.Message).ShouldBe(["column 'v' of type tsvector has no counterpart in the graph: written as text", "column 'js' of type jsonb[] has no counterpart in the graph: written as text"]);
    }

    [Fact]
    public void Generated_columns_and_foreign_keys_that_are_not_valid_are_warned_about()
    {
        var schema = Posts().Build();
        var posts = schema.Find(new("public", "posts"))!;
        var changed = posts with
        {
            Columns = [.. posts.Columns.Select(c => c.Name == "title" ? c with { IsGenerated = true } : c)],
            ForeignKeys = [posts.ForeignKeys[0] with { IsValid = false }],
        };
        var (mapping, warnings) = MappingInference.Infer(new DatabaseSchema([changed, schema.Find(new("public", "users"))!]), new MappingSettings());
        Node(mapping, "posts").Properties.ShouldNotContain(p => p.Column == "title");
        Types(mapping, "posts").ShouldBe(["AUTHOR→public.users"]);
        warnings.Select(w => w.Message).ShouldBe(["column 'title' is left out: the log does not carry generated columns",
            "foreign key 'posts_author_id_fkey' is NOT VALID: a row whose parent does not exist gets its relationship when the parent comes"]);
    }

    [Fact]
    public void Names_of_any_script_and_spelling_are_kept()
    {
        var (mapping, _) = Infer(new Tables().Add("Ünïcode täbles", ["Ключ int8", "a \"b\" text"], ["Ключ"]).Add("__PolySync", ["id int8", "__x text"], ["id"]));
        Node(mapping, "Ünïcode täbles").Label.ShouldBe("ÜnïcodeTäble");
        Node(mapping, "Ünïcode täbles").Properties.Select(p => p.Property).ShouldBe(["Ключ", "a \"b\""]);
        Node(mapping, "__PolySync").Label.ShouldBe("PolySync");
    }

    internal static (GraphMapping Mapping, IReadOnlyList<PlanWarning> Warnings) Infer(Tables tables) => MappingInference.Infer(tables.Build(), new MappingSettings());

    private static Tables Posts() => new Tables().Add("users", ["id int8"], ["id"]).Add("posts", ["id int8", "author_id int8", "title text"], ["id"], "author_id > users(id)");

    internal static NodeMapping Node(GraphMapping mapping, string table) => (NodeMapping)mapping.Tables.Single(t => t.Table.Name == table);

    internal static IEnumerable<string> Types(GraphMapping mapping, string table) => Node(mapping, table).Relationships.Select(r => $"{r.Type}→{r.ForeignKey.ReferencedTable}");
}
