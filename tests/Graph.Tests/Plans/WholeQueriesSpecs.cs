using PolyglotSync.Graph.Neo4j;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Tests.Plans;

/// <summary>Which small sets are sent as one query: those whose text is worth what planning it costs Neo4j.</summary>
public sealed class WholeQueriesSpecs
{
    private readonly CypherShape _users = new("MATCH (n:User {id: r[0]}) SET n.name = r[1] RETURN count(n) AS found", ShapeAnswer.Found);
    private readonly CypherShape _posts = new("CREATE (n:Post {id: r[0]})", ShapeAnswer.Nothing);

    [Fact]
    public void Statements_that_come_together_as_often_as_pays_get_a_text()
    {
        var queries = new WholeQueries(frequent: 3, isPlannedAhead: false);
        Ask(queries, 3, Rows(_users, 1), Rows(_posts, 1)).ShouldBe([false, false, true]);
        queries.Texts.ShouldBe(1);
    }

    [Fact]
    public void Other_statements_count_for_themselves()
    {
        var queries = new WholeQueries(frequent: 3, isPlannedAhead: false);
        Ask(queries, 2, Rows(_users, 1)).ShouldBe([false, false]);
        Ask(queries, 2, Rows(_posts, 1)).ShouldBe([false, false]);
        Ask(queries, 1, Rows(_users, 1), Rows(_posts, 1)).ShouldBe([false]);
        Ask(queries, 1, Rows(_users, 1)).ShouldBe([true]);
    }

    [Fact]
    public void So_does_each_power_of_ten_of_rows_for_which_Neo4j_plans_the_text_anew()
    {
        var queries = new WholeQueries(frequent: 3, isPlannedAhead: false);
        Ask(queries, 3, Rows(_users, 1)).ShouldBe([false, false, true]);
        Ask(queries, 3, Rows(_users, 2)).ShouldBe([false, false, true]);
        Ask(queries, 1, Rows(_users, 10)).ShouldBe([true]);
        Ask(queries, 1, Rows(_users, 11)).ShouldBe([false]);
    }

    /// <summary>The load's world on Neo4j: planning hundreds of texts that came three times stood in the way of a third of all commits.</summary>
    [Fact]
    public void Of_hundreds_of_combinations_that_come_a_few_times_no_more_than_the_first_are_planned()
    {
        var queries = new WholeQueries();
        var shapes = Enumerable.Range(0, 20).Select(n => new CypherShape($"CREATE (n:L{n})", ShapeAnswer.Nothing)).ToList();
        var texts = new HashSet<string>();
        for (var times = 0; times < 10; times++)
        {
            foreach (var one in shapes)
            {
                foreach (var other in shapes)
                    if (queries.TextFor([Rows(one, 1), Rows(other, 1)], carriesOffsets: false) is { } text) texts.Add(text.Text);
            }
        }
        texts.Count.ShouldBe(24);
    }

    [Fact]
    public void A_text_is_sent_once_it_is_planned_by_the_one_writer_that_took_it()
    {
        var queries = new WholeQueries(frequent: 1);
        var text = queries.TextFor([Rows(_users, 1)], carriesOffsets: false).ShouldNotBeNull();
        (text.IsPlanned, text.TryTake(), text.TryTake(), queries.Texts).ShouldBe((false, true, false, 0L));

        text.SetPlanned();
        queries.TextFor([Rows(_users, 1)], carriesOffsets: false).ShouldBeSameAs(text);
        (text.IsPlanned, queries.Texts).ShouldBe((true, 1L));
    }

    [Fact]
    public void One_that_could_not_be_planned_is_tried_again_after_a_pause()
    {
        var queries = new WholeQueries(frequent: 1);
        var text = queries.TextFor([Rows(_users, 1)], carriesOffsets: false).ShouldNotBeNull();
        text.TryTake();
        queries.Disappoint([Rows(_users, 1)], carriesOffsets: false);
        text.GiveBack();

        Ask(queries, 31, Rows(_users, 1)).Count(given => given).ShouldBe(2);
        text.TryTake().ShouldBeTrue();
    }

    private static List<bool> Ask(WholeQueries queries, int times, params ForeseenStatement[] statements) =>
        [.. Enumerable.Range(0, times).Select(_ => queries.TextFor(statements, carriesOffsets: false) is not null)];

    private static ForeseenStatement Rows(CypherShape shape, int count) => new(shape, [.. Enumerable.Repeat<object>(1, count)]);
}
