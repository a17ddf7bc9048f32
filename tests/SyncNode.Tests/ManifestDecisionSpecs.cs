using PolyglotSync.Contracts;
using PolyglotSync.Graph.Inference;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Changes;
using PolyglotSync.SyncNode.Manifests.Keys;
using Shouldly;
using Xunit;
using Tables = PolyglotSync.Graph.Tests.Compliance.Tables;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestDecisionSpecs
{
    private const string Top = "pipeline: shop\nsource: { dsn: 'Host=db;Username=u;Password=a;Database=shop' }\ntarget: { uri: 'bolt://graph' }\n";

    private static readonly DatabaseSchema Schema = Tables.Social();

    private static PipelineSettings Read(string more, string top = Top) => new ManifestReader(_ => null, dsn => dsn).Read(top + more, "shop.yaml", Path.GetTempPath());

    private static ManifestChange Decide(string before, string after, string? top = null)
    {
        var (old, next) = (Read(before), Read(after, top ?? Top));
        return ManifestDecision.Between(old, next, MappingInference.Infer(Schema, old.Mapping).Mapping, MappingInference.Infer(Schema, next.Mapping).Mapping, "shop.yaml");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "# only words\n")]
    [InlineData("", "limits: { writers: 4 }")]
    [InlineData("limits: { writers: 4_0 }", "limits:\n  writers: 40\n")]
    public void What_means_the_same_needs_nothing(string before, string after)
    {
        var change = Decide(before, after);
        (change.Action, change.Need).ShouldBe((ManifestAction.Unchanged, ManifestNeed.Nothing));
        change.Keys.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "limits: { writers: 8 }", "limits.writers", "4", "8")]
    [InlineData("", "consistency: parallel", "consistency", "transactional", "parallel")]
    [InlineData("on_poison: halt", "", "on_poison", "halt", "dead_letter")]
    [InlineData("kafka: { bootstrap_servers: 'a:1' }", "kafka: { bootstrap_servers: 'a:1', client_id: me }", "kafka.client_id", "polysync_shop", "me")]
    [InlineData("kafka: { bootstrap_servers: 'a:1', retention_ms: 7 }", "kafka: { bootstrap_servers: 'a:1' }", "kafka.retention_ms", "7", null)]
    public void A_setting_needs_a_restart_and_is_named_with_both_values(string before, string after, string key, string? old, string? next)
    {
        var change = Decide(before, after);
        change.Need.ShouldBe(ManifestNeed.Restart);
        change.Refusal.ShouldBeNull();
        change.Keys.ShouldBe([new ManifestKeyChange(key, old, next)]);
    }

    [Fact]
    public void A_password_that_changed_is_said_and_not_shown()
    {
        var change = Decide("", "", Top.Replace("Password=a", "Password=b", StringComparison.Ordinal).Replace("'bolt://graph'", "'bolt://graph', password: c", StringComparison.Ordinal));
        change.Need.ShouldBe(ManifestNeed.Restart);
        change.Keys.ShouldBe([new("source.dsn (password)", "(a secret)", "(another secret)"), new("target.password", null, "(a secret)")]);
    }

    [Fact]
    public void A_table_that_comes_in_is_copied()
    {
        var change = Decide("exclude_tables: [order_lines, public.follows]", "exclude_tables: order_lines");
        change.Need.ShouldBe(ManifestNeed.CopyTables);
        change.Tables.ShouldBe(["public.follows"]);
        change.Refusal.ShouldBeNull();
    }

    [Fact]
    public void A_table_that_is_left_out_keeps_what_it_has_in_the_graph()
    {
        var change = Decide("", "exclude_tables: follows");
        change.Need.ShouldBe(ManifestNeed.Restart);
        change.Notes.ShouldHaveSingleItem().ShouldContain("public.follows");
    }

    [Fact]
    public void A_name_that_is_only_said_now_is_no_change_of_the_graph()
    {
        var change = Decide("", "tables: { users: { label: User } }");
        change.Need.ShouldBe(ManifestNeed.Restart);
        change.Keys.ShouldBe([new ManifestKeyChange("tables.public.users.label", null, "User")]);
    }

    [Theory]
    [InlineData("tables: { users: { label: Person } }", "public.users has label User, not Person")]
    [InlineData("tables: { follows: { type: KNOWS } }", "public.follows has type FOLLOWS, not KNOWS")]
    [InlineData("tables: { follows: { as: node } }", "public.follows is relationships, and would be nodes")]
    [InlineData("tables: { users: { properties: { name: called } } }", "public.users has property name of column 'name', not called")]
    [InlineData("tables: { users: { columns: { exclude: name } } }", "public.users has property name, and would have none of column 'name'")]
    public void What_is_in_the_graph_otherwise_is_refused_with_the_way_out(string after, string reason)
    {
        var change = Decide("", after);
        change.Need.ShouldBe(ManifestNeed.CopyAnew);
        change.Refusal!.ShouldContain(reason);
        change.Refusal!.ShouldContain("new name");
    }

    [Theory]
    [InlineData("", "kafka: { bootstrap_servers: 'a:1' }", "directly")]
    [InlineData("consistency: parallel\nkafka: { bootstrap_servers: 'a:1' }", "consistency: parallel\nkafka: { bootstrap_servers: 'a:1', capture: debezium }", "Debezium")]
    [InlineData("kafka: { bootstrap_servers: 'a:1' }", "kafka: { bootstrap_servers: 'a:1', prefix: other }", "kafka.prefix")]
    public void Another_way_of_the_changes_is_refused(string before, string after, string reason) => Decide(before, after).Refusal!.ShouldContain(reason);

    [Theory]
    [InlineData("slot: s2")]
    [InlineData("publication: p2")]
    public void Another_slot_or_publication_is_refused(string more) => Decide("", "", Top.Replace("dsn:", more + ", dsn:", StringComparison.Ordinal)).Refusal!.ShouldContain("source.");

    [Fact]
    public void Another_address_goes_with_a_word_of_caution() =>
        Decide("", "", Top.Replace("bolt://graph", "bolt://other", StringComparison.Ordinal)).Notes.ShouldHaveSingleItem().ShouldContain("position");

    [Fact]
    public void Old_settings_that_fitted_nothing_have_made_nothing_that_could_be_kept()
    {
        var (old, next) = (Read("tables: { nothing: { label: A } }"), Read("tables: { users: { label: Person } }"));
        ManifestDecision.Between(old, next, null, MappingInference.Infer(Schema, next.Mapping).Mapping, null).Refusal.ShouldBeNull();
    }

    [Fact]
    public void Every_key_of_a_manifest_is_compared()
    {
        var settings = Read("kafka: { bootstrap_servers: 'a:1', properties: { x: y } }\ntables: { users: { properties: { name: n }, relationships: { x: null } } }");
        var lines = SettingsLines.Of(settings).Select(l => l.Key).ToList();

        foreach (var key in Paths(TopKeys.All, "").Concat(Paths(TableKeys.All, "tables.public.users."))) lines.ShouldContain(l => l == key || l.StartsWith(key + ".", StringComparison.Ordinal), key);

        static IEnumerable<string> Paths(IReadOnlyList<ManifestKey> keys, string prefix) => keys.SelectMany(k => k is SectionKey section ? Paths(section.Keys, $"{prefix}{k.Name}.") : [prefix + k.Name]);
    }
}
