using System.Globalization;
using System.Text.Json.Nodes;
using Json.Schema;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Keys;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestKeySpecs
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(ManifestSchema.Text);

    [Fact]
    public void The_schema_in_the_repository_is_the_one_that_the_keys_make() =>
        File.ReadAllText(Repository.PathOf("pipelines/manifest.schema.json")).ShouldBe(ManifestSchema.Text, "make it anew: ./polysync schema > pipelines/manifest.schema.json");

    [Fact]
    public void The_reference_in_the_docs_has_the_tables_that_the_keys_make()
    {
        var docs = File.ReadAllText(Repository.PathOf("docs/manifest.md"));
        docs.ShouldBe(ManifestTables.Renew(docs), "make them anew: ./polysync schema --docs docs/manifest.md");
    }

    [Fact]
    public void A_reference_without_its_markers_is_not_renewed()
    {
        Should.Throw<FormatException>(() => ManifestTables.Renew("# The manifest")).Message.ShouldContain("top, source");
        Should.Throw<FormatException>(() => ManifestTables.Renew("<!-- keys: sorce -->\n<!-- end of keys -->")).Message.ShouldContain("sorce");
    }

    [Theory]
    [InlineData("pipelines/shop.yaml")]
    [InlineData("pipelines/social.yaml")]
    public void The_examples_fit_the_schema_and_name_it(string file)
    {
        var text = File.ReadAllText(Repository.PathOf(file));
        text.ShouldStartWith("# yaml-language-server: $schema=manifest.schema.json\n");
        Fits(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData("limits: { writers: 4_0 }")]
    [InlineData("limits: { writers: \"${WRITERS}\" }")]
    [InlineData("limits:")]
    [InlineData("consistency: ${CONSISTENCY:-parallel}")]
    [InlineData("kafka: { bootstrap_servers: a:1, dead_letter_topic: true, retention_ms: -1, properties: { security.protocol: ssl } }")]
    [InlineData("include_tables: users")]
    [InlineData("tables: { users: , posts: { key: [id], properties: { a: b, c: { as: text } }, relationships: { x: null, y: Y } } }")]
    public void What_the_reader_takes_fits(string more) => Fits(Smallest + more).ShouldBeTrue();

    [Theory]
    [InlineData("limits: { writers: 65 }")]
    [InlineData("limits: { writers: many }")]
    [InlineData("limits: { writer: 4 }")]
    [InlineData("limits: 4")]
    [InlineData("consistency: sometimes")]
    [InlineData("kafka: { partitions: 4 }")]
    [InlineData("tables: { users: { as: edge } }")]
    [InlineData("tables: { users: { properties: { a: { name: b, as: date } } } }")]
    [InlineData("surce: 1")]
    public void What_the_reader_refuses_does_not(string more) => Fits(Smallest + more).ShouldBeFalse();

    [Fact]
    public void Every_key_that_is_described_is_read()
    {
        var yaml = Yaml(TopKeys.All, "");
        yaml = yaml.Replace("tables:\n", "tables:\n  users:\n" + Yaml(TableKeys.All, "    "), StringComparison.Ordinal);

        var failure = Should.Throw<PolyglotSync.Contracts.PipelineFailure>(() => new ManifestReader(_ => null, dsn => dsn).Read(yaml, "all.yaml", Path.GetTempPath()));

        failure.Message.ShouldContain("mistake");
        failure.Message.ShouldNotContain("unknown key", Case.Sensitive, failure.Message);
    }

    private const string Smallest = "pipeline: social\nsource: { dsn: postgres://localhost/social }\ntarget: { uri: bolt://localhost }\n";

    /// <summary>Every key with a value that none takes, so that each is looked at.</summary>
    private static string Yaml(IReadOnlyList<ManifestKey> keys, string indent) => string.Concat(keys.Select(key => key switch
    {
        SectionKey section => $"{indent}{key.Name}:\n{Yaml(section.Keys, indent + "  ")}",
        NamesKey => $"{indent}{key.Name}:\n",
        TextKey => $"{indent}{key.Name}: [x]\n",
        TextsKey => $"{indent}{key.Name}: {{x: y}}\n",
        _ => $"{indent}{key.Name}: nonsense\n",
    }));

    private static bool Fits(string yaml) => Schema.Evaluate(Json(YamlTree.Parse(new StringReader(yaml)))).IsValid;

    /// <summary>As an editor reads YAML.</summary>
    private static JsonNode? Json(YamlValue? value) => value switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Json(e.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlText { IsPlain: true } text when text.IsNull => null,
        YamlText { IsPlain: true, Value: "true" or "false" } text => text.Value == "true",
        YamlText { IsPlain: true } text when long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        YamlText text => text.Value,
        _ => null,
    };
}
