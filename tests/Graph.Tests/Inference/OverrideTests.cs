using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Tests.Compliance;
using static PolyglotSync.Graph.Tests.Inference.MappingInferenceTests;

namespace PolyglotSync.Graph.Tests.Inference;

/// <summary>What a manifest says differently.</summary>
public sealed class OverrideTests
{
    private static readonly TableName Users = new("public", "users"), Posts = new("public", "posts"), Follows = new("public", "follows");

    [Fact]
    public void Labels_types_properties_and_columns_are_as_written()
    {
        var mapping = Infer(
            new TableOverride { Table = Users, Label = "Person", Properties = [new("name", "fullName"), new("email", "mail", PropertyEncoding.Text)], ExcludeColumns = ["manager_id"] },
            new TableOverride { Table = Posts, IncludeColumns = ["title", "author_id"], Relationships = new Dictionary<string, string?> { ["author_id"] = "WRITTEN_BY", ["posts_editor_email_fkey"] = null } },
            new TableOverride { Table = Follows, Type = "FOLLOWS_SINCE", ExcludeColumns = ["note"] }).Mapping;
        var users = Node(mapping, "users");
        (users.Label, users.IncludesNewColumns).ShouldBe(("Person", true));
        users.Properties.Select(p => (p.Column, p.Property, p.As)).ShouldBe([("id", "id", PropertyEncoding.Default), ("name", "fullName", PropertyEncoding.Default), ("email", "mail", PropertyEncoding.Text)]);
        var posts = Node(mapping, "posts");
        posts.IncludesNewColumns.ShouldBeFalse();
        posts.Properties.Select(p => p.Column).ShouldBe(["id", "author_id", "title"]);
        Types(mapping, "posts").ShouldBe(["WRITTEN_BY→public.users"]);
        var follows = mapping.Tables.OfType<JoinMapping>().Single();
        follows.Type.ShouldBe("FOLLOWS_SINCE");
        follows.Properties.Select(p => p.Property).ShouldBe(["since"]);
    }

    [Fact]
    public void A_join_table_may_be_a_node()
    {
        var mapping = Infer(new TableOverride { Table = Follows, As = "node", Label = "Following" }).Mapping;
        Node(mapping, "follows").Label.ShouldBe("Following");
        Types(mapping, "follows").ShouldBe(["FOLLOWER→public.users", "FOLLOWEE→public.users"]);
    }

    [Fact]
    public void An_inferred_type_keeps_clear_of_a_given_one()
    {
        var mapping = Infer(new TableOverride { Table = Posts, Relationships = new Dictionary<string, string?> { ["editor_email"] = "AUTHOR" } }).Mapping;
        Types(mapping, "posts").ShouldBe(["AUTHOR_USER→public.users", "AUTHOR→public.users"]);
    }

    [Fact]
    public void Only_named_tables_are_taken_where_tables_are_named()
    {
        var (mapping, _) = MappingInference.Infer(Tables.Social(), new MappingSettings { Include = [Users], Tables = [new TableOverride { Table = Posts }] });
        mapping.Tables.Select(t => t.Table.Name).ShouldBe(["posts", "users"]);
    }

    [Fact]
    public void A_unique_key_serves_where_there_is_no_primary_one()
    {
        var table = new Tables().Add("codes", ["code text", "name text"], []).Build().Tables[0];
        var keyed = table with
        {
            UniqueKeys = [new UniqueKey("codes_code_key", ["code"])],
            ReplicaIdentity = ReplicaIdentity.Index,
            IdentityColumns = ["code"],
            Columns = [table.Columns[0] with { IsNullable = false }, table.Columns[1]],
        };
        var (mapping, warnings) = MappingInference.Infer(new DatabaseSchema([keyed]), new MappingSettings { Tables = [new TableOverride { Table = keyed.Name, Key = ["code"] }] });
        Node(mapping, "codes").Key.ShouldBe(["code"]);
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_relationship_whose_column_is_left_out_is_warned_about()
    {
        var (mapping, warnings) = Infer(new TableOverride { Table = Posts, ExcludeColumns = ["author_id"] });
        Types(mapping, "posts").ShouldContain("AUTHOR→public.users");
        warnings.ShouldHaveSingleItem().Message.ShouldStartWith("foreign key 'posts_author_id_fkey': its column 'author_id' is left out");
    }

    [Fact]
    public void Every_mistake_is_said_at_once_with_its_place_and_a_hint()
    {
        var failure = Should.Throw<PipelineFailure>(() => MappingInference.Infer(Tables.Social(), new MappingSettings
        {
            Include = [new("public", "user")],
            Tables =
            [
                new TableOverride { Table = Users, Where = "m.yaml:5", ExcludeColumns = ["id"], Properties = [new("nam", "x"), new("name", "email")], Relationships = new Dictionary<string, string?> { ["boss_id"] = "B" } },
                new TableOverride { Table = Posts, Where = "m.yaml:9", Key = ["title"], IncludeColumns = ["title"], ExcludeColumns = ["body"], Type = "T" },
                new TableOverride { Table = Follows, Where = "m.yaml:12", Label = "__x" },
                new TableOverride { Table = new("public", "orders"), As = "relationship" },
                new TableOverride { Table = new("public", "order_lines"), Label = "User" },
            ],
        }));
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.InvalidManifest));
        foreach (var expected in (string[])
        [
            "public.user: the source has no such table; did you mean 'public.users'?",
            "m.yaml:5: public.users: columns.exclude: 'id' belongs to the key",
            "m.yaml:5: public.users: properties: there is no column 'nam'; did you mean 'name'?",
            "columns 'name' and 'email' are both written to property 'email'",
            "relationships: 'boss_id' is neither a foreign key nor its column",
            "m.yaml:9: public.posts: key: (title) is not a unique key of the table",
            "columns: give either include or exclude, not both",
            "m.yaml:9: public.posts: type: the table is a node",
            "m.yaml:12: public.follows: label: '__x' cannot be a name",
            "public.follows: label: the table is a relationship; write type:, or make it a node by as: node",
            "public.orders: cannot be a relationship: its key must be exactly the columns of its two foreign keys",
        ]) failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void A_label_given_twice_is_a_mistake()
    {
        Node(Infer(new TableOverride { Table = Posts, Label = "User" }).Mapping, "users").Label.ShouldBe("Users", "an inferred one keeps clear of it");
        var failure = Should.Throw<PipelineFailure>(() => Infer(new TableOverride { Table = Posts, Label = "X" }, new TableOverride { Table = Users, Label = "X" }));
        failure.Message.ShouldContain("label 'X' is also the label of");
    }

    private static (GraphMapping Mapping, IReadOnlyList<PlanWarning> Warnings) Infer(params TableOverride[] tables) =>
        MappingInference.Infer(Tables.Social(), new MappingSettings { Tables = tables });
}
