using System.Text.Json;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Description;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Graph.Tests.Compliance;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>The YAML that <c>plan</c> prints, put into a manifest, gives the same plan.</summary>
public sealed class PlanRoundTripSpecs
{
    private const string Top = "pipeline: p\nsource: { dsn: postgres://localhost/x }\ntarget: { uri: bolt://localhost }\n";

    [Fact]
    public void An_inferred_plan_comes_back() => ComesBack(Tables.Social(), new MappingSettings());

    [Fact]
    public void Names_that_YAML_would_misread_come_back() => ComesBack(new Tables()
        .Add("yes", ["no int8", "null text", "12 text", "a: b text", "${HOME} text", "\"q\" text", "- x text", "имя text", "# c text", "new\\line text"], ["no"])
        .Add("sales.off", ["true int8", "a,b int8", "y int8"], ["true"], "y > yes(no)")
        .Add("sales.a.b", ["id int8"], ["id"]).Build(), new MappingSettings());

    [Fact]
    public void Clashing_names_come_back() => ComesBack(new Tables()
        .Add("user", ["id int8"], ["id"]).Add("users", ["id int8", "ref_id int8"], ["id"], "ref_id > user(id)", "ref_id > sales.users(id)").Add("sales.users", ["id int8"], ["id"])
        .Add("likes", ["a int8", "b int8"], ["a", "b"], "a > users(id)", "b > user(id)").Add("sales.likes", ["a int8", "b int8"], ["a", "b"], "a > users(id)", "b > user(id)").Build(), new MappingSettings());

    [Fact]
    public void A_plan_altered_by_hand_comes_back() => ComesBack(Tables.Social(), new MappingSettings
    {
        Exclude = [new("public", "orders")],
        Tables =
        [
            new TableOverride { Table = new("public", "users"), Label = "${PERSON}", Properties = [new("name", "full name"), new("email", "mail", PropertyEncoding.Text)], ExcludeColumns = ["manager_id"] },
            new TableOverride { Table = new("public", "posts"), IncludeColumns = ["title"], Relationships = new Dictionary<string, string?> { ["author_id"] = "WRITTEN BY", ["editor_email"] = null } },
            new TableOverride { Table = new("public", "follows"), Type = "KNOWS", IncludeColumns = ["follower_id"] },
        ],
    });

    [Fact]
    public void A_join_table_that_was_made_a_node_comes_back() => ComesBack(Tables.Social(), new MappingSettings
    { Tables = [new TableOverride { Table = new("public", "follows"), As = "node", Label = "Following" }] });

    private static void ComesBack(DatabaseSchema schema, MappingSettings settings)
    {
        var (mapping, _) = MappingInference.Infer(schema, settings);
        var yaml = MappingYaml.Write(mapping, schema);
        var read = new ManifestReader(_ => null, dsn => dsn).Read(Top + yaml, "plan.yaml", Path.GetTempPath());
        var (again, _) = MappingInference.Infer(schema, read.Mapping);
        Json(again).ShouldBe(Json(mapping), yaml);
        MappingYaml.Write(again, schema).ShouldBe(yaml);
    }

    private static string Json(GraphMapping mapping) => JsonSerializer.Serialize(mapping.Tables.Select(t => (object)t), new JsonSerializerOptions { WriteIndented = true });
}
