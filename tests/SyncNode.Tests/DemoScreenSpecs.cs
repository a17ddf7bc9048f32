using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Compare;
using PolyglotSync.SyncNode.Demo.View;
using PolyglotSync.SyncNode.Demo.World;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>The demo from its title to its verdict, in a terminal and in plain lines; and the world that it makes.</summary>
public sealed class DemoScreenSpecs
{
    private static readonly Verdict Equal = new(
        [new("users", "(:User)", PartKind.Node, 3, 3, true), new("users", "(:User)-[:INVITED_BY]->(:User)", PartKind.ForeignKey, 2, 2, true), new("likes", "[:LIKES]", PartKind.JoinTable, 4, 4, true)], []);

    private static readonly Verdict Different = Equal with { Differences = ["user 7 has name 'Ada' and its node 'Bob'"] };

    public static TheoryData<bool> Views => [true, false];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_demo_is_shown_step_by_step(bool isTerminal)
    {
        var (view, output) = View(isTerminal);
        view.Title("PostgreSQL to FalkorDB");
        view.Say("what is said");
        (await view.StepAsync("PostgreSQL", () => Task.FromResult(15), version => $"version {version}")).ShouldBe(15);
        var looks = new Queue<(long, bool)>([(500, false), (1_000, true)]);
        await view.CopyingAsync(1_000, () => Task.FromResult(looks.Dequeue()), CancellationToken.None);
        view.ByHand([("psql", "psql postgresql://x/social"), ("status", "polysync status")]);

        var text = output.ToString();
        foreach (var shown in (string[])["PolyglotSync", "PostgreSQL to FalkorDB", "what is said", "version 15", "first copy", "1,000", "rows/s", "psql postgresql://x/social", "polysync status"]) text.ShouldContain(shown);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void The_verdict_is_said_with_its_numbers_or_with_what_differs(bool isTerminal)
    {
        var (view, output) = View(isTerminal);
        view.Show(Equal, "0/30");
        output.ToString().ShouldContain("graph and tables agree");
        output.ToString().ShouldContain("7 rows are 3 nodes and 6 relationships, every property compared");

        view.Show(Different, "0/40");
        output.ToString().ShouldContain("GRAPH AND TABLES DIFFER");
        output.ToString().ShouldContain("user 7 has name 'Ada' and its node 'Bob'");
    }

    [Fact]
    public void What_a_failed_step_throws_is_the_demo_s() =>
        Should.Throw<InvalidOperationException>(() => View(false).View.StepAsync<int>("PostgreSQL", () => throw new InvalidOperationException("no server"), _ => ""));

    [Theory]
    [InlineData(PgKind.Bool, "t", "true"), InlineData(PgKind.Bool, "False", "false"), InlineData(PgKind.Bool, "True", "true")]
    [InlineData(PgKind.Float8, "1.50", "1.5"), InlineData(PgKind.Float8, "NaN", "NaN"), InlineData(PgKind.Text, "as it is", "as it is")]
    [InlineData(PgKind.TimestampTz, "2026-01-01 02:00:00+02", "2026-01-01T00:00:00.0000000+00:00"), InlineData(PgKind.TimestampTz, "infinity", "infinity")]
    [InlineData(PgKind.Timestamp, "2026-01-01 02:00:00.5", "2026-01-01T02:00:00.5000000")]
    public void One_value_has_one_text_whoever_printed_it(PgKind kind, string printed, string text) => CanonicalText.Of(new PgType("x", kind), printed).ShouldBe(text);

    [Fact]
    public void Nothing_stays_nothing() => CanonicalText.Of(new PgType("text", PgKind.Text), null).ShouldBeNull();

    [Theory]
    [InlineData(100), InlineData(1_000), InlineData(250_000)]
    public void A_world_has_about_as_many_rows_as_were_asked_for(int rows)
    {
        var fill = SocialWorld.Fill(rows);
        foreach (var table in (string[])["users", "posts", "tags", "comments", "follows", "likes", "post_tags"]) fill.ShouldContain($"INSERT INTO {table}");
        fill.ShouldContain($"generate_series(1, {Math.Max(10, rows / 8)})");
        fill.ShouldContain("setval");
    }

    [Fact]
    public void Live_writes_insert_update_and_delete_and_each_can_be_drawn()
    {
        LiveAction.All.ShouldAllBe(action => action.Weight > 0);
        foreach (var verb in (string[])["INSERT", "UPDATE", "DELETE"]) LiveAction.All.ShouldContain(action => action.Sql.StartsWith(verb, StringComparison.Ordinal));
        LiveAction.All.Sum(action => action.Weight).ShouldBeGreaterThan(100);
    }

    private static (IDemoView View, StringWriter Output) View(bool isTerminal)
    {
        var output = new StringWriter();
        if (!isTerminal) return (new PlainView(output), output);
        var console = Screen.On(output, interactive: false);
        console.Profile.Width = 160;
        return (new TerminalView(console), output);
    }
}
