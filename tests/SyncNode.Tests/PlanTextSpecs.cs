using System.Text.Json;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Description;
using PolyglotSync.SyncNode.Plan;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class PlanTextSpecs
{
    private static readonly PipelineSettings Shop = new()
    {
        Name = "shop", Source = new SourceSettings { ConnectionString = "Host=nowhere" }, Target = new TargetSettings { Uri = new Uri("bolt://nowhere:7687") },
    };

    private static readonly TableDescription[] Tables =
        [new(new TableName("public", "users"), "(:User {id})", [new DescribedStatement("insert", "UNWIND $rows AS r\nCREATE (n:User {id: r[0]})")])];

    [Fact]
    public void For_people_it_is_a_manifest_s_mapping_with_the_statements_as_comments()
    {
        var text = PlanText.Yaml(Shop, "tables:\n  public.users:\n    label: User\n", Tables);
        text.ShouldStartWith("# The mapping of pipeline 'shop'.");
        text.ShouldContain("\ntables:\n  public.users:\n    label: User\n");
        text.ShouldEndWith("# public.users: (:User {id})\n#   insert: UNWIND $rows AS r CREATE (n:User {id: r[0]})");
        text.Split('\n').Where(line => line.Contains("CREATE", StringComparison.Ordinal)).ShouldAllBe(line => line.StartsWith('#'));
    }

    [Fact]
    public void For_programs_it_is_JSON_with_its_warnings()
    {
        var json = JsonDocument.Parse(PlanText.Json(Shop, Tables, ["table public.log has no key"])).RootElement;
        json.GetProperty("pipeline").GetString().ShouldBe("shop");
        var table = json.GetProperty("tables")[0];
        (table.GetProperty("table").GetString(), table.GetProperty("pattern").GetString(), table.GetProperty("statements")[0].GetProperty("when").GetString()).ShouldBe(("public.users", "(:User {id})", "insert"));
        json.GetProperty("warnings")[0].GetString().ShouldBe("table public.log has no key");
    }
}
