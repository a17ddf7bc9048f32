using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Changes;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestClashSpecs
{
    private static IReadOnlyList<string> Find(params string[] manifests) => ManifestClashes.Find([.. manifests.Select((text, i) =>
    {
        var file = $"{(char)('a' + i)}.yaml";
        var mistakes = new ManifestMistakes(file);
        var manifest = new ManifestReader(_ => null, dsn => dsn).TryRead(text, file, Path.GetTempPath(), mistakes);
        mistakes.Lines.ShouldBeEmpty();
        return new PipelineInSet(file, manifest!.Settings, manifest);
    })]);

    private static string Manifest(string name, string source = "dsn: 'Host=db;Database=shop'", string target = "falkor://graph/shop", string more = "") =>
        $"pipeline: {name}\nsource:\n  {source}\ntarget: {{ uri: '{target}' }}\n{more}\n";

    [Fact]
    public void Pipelines_that_have_nothing_in_common_do_not_clash() =>
        Find(Manifest("a", more: "tables: { users: { label: A } }"), Manifest("b", more: "tables: { users: { label: B } }"), Manifest("c", target: "falkor://graph/c", more: "tables: { users: { label: A } }")).ShouldBeEmpty();

    [Fact]
    public void A_name_twice_is_a_mistake_of_the_later_file() => Find(Manifest("a"), Manifest("b"), Manifest("a", source: "{ dsn: 'Host=other', slot: s }")).ShouldBe(
        ["c.yaml:1:11: pipeline 'a' is a.yaml:1:11, too; a node runs each name once"]);

    [Fact]
    public void A_slot_twice_on_one_server_is_a_mistake_wherever_its_databases_are()
    {
        Find(Manifest("a", source: "dsn: 'Host=localhost;Database=x'\n  slot: s"), Manifest("b", source: "dsn: 'Host=127.0.0.1;Database=y'\n  slot: s"))
            .ShouldBe(["b.yaml:4:9: slot 's' is that of pipeline 'a' (a.yaml:4:9), too; a slot serves one pipeline: set source.slot to another name"]);
        Find(Manifest("a", source: "{ dsn: 'Host=one', slot: s, publication: p1 }"), Manifest("b", source: "{ dsn: 'Host=two', slot: s, publication: p1 }")).ShouldBeEmpty();
    }

    [Fact]
    public void Names_that_differ_in_what_a_slot_does_not_take_clash_too() => Find(Manifest("my-shop"), Manifest("My_shop")).Count.ShouldBe(2);

    [Fact]
    public void A_publication_twice_in_one_database_is_a_mistake() =>
        Find(Manifest("a", source: "{ dsn: 'Host=db;Database=x', publication: p }"), Manifest("b", source: "{ dsn: 'Host=db;Database=x', publication: p }")).ShouldHaveSingleItem().ShouldContain("publication 'p'");

    [Fact]
    public void A_label_twice_in_one_graph_is_a_mistake_with_both_places() =>
        Find(Manifest("a", more: "tables:\n  public.users: { label: Person }"), Manifest("b", more: "tables:\n  people: { label: Person }")).ShouldBe(
            ["b.yaml:6:20: label 'Person' (table public.people) is that of pipeline 'a' (a.yaml:6:26) in the same graph; give one of the two another label, or a graph of its own"]);

    [Fact]
    public void An_inferred_label_counts_where_the_mapping_is_known()
    {
        var mapping = new GraphMapping([new NodeMapping(new TableName("public", "users"), ["id"], "User", [], [])]);
        var set = new[] { "a", "b" }.Select(name => new PipelineInSet($"{name}.yaml", new ManifestReader(_ => null, dsn => dsn).Read(Manifest(name), "x", Path.GetTempPath()), null, mapping)).ToList();
        ManifestClashes.Find(set).ShouldHaveSingleItem().ShouldStartWith("b.yaml: label 'User'");
    }
}
