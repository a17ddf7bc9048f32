using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

/// <summary>What is asked of the tables of dead letters and incidents, and how their rows are read: without a server.</summary>
public sealed class StoreSqlTests
{
    private static readonly TableName Users = new("public", "users");
    private static readonly TableName Orders = new("sales", "orders");

    [Fact]
    public void A_filter_of_letters_says_only_what_it_was_told()
    {
        DeadLetterSql.Where(new DeadLetterFilter("shop"), before: null).ShouldSatisfyAllConditions(w => w.Sql.ShouldBe("pipeline = $1"), w => w.Parameters.ShouldBe(["shop"]));
    }

    [Fact]
    public void Every_condition_of_a_filter_has_a_parameter_of_its_own()
    {
        var filter = new DeadLetterFilter("shop") { Ids = [7, 9], Tables = [Users, Orders], State = DeadLetterState.Open, Operation = "message", Except = [9] };
        var (sql, parameters) = DeadLetterSql.Where(filter, before: 100);
        sql.ShouldBe("pipeline = $1 AND id = ANY($2) AND (table_schema, table_name) IN (SELECT * FROM unnest($3::text[], $4::text[])) AND state = $5 AND operation = $6 AND id <> ALL($7) AND id < $8");
        parameters.Length.ShouldBe(8);
        (parameters[1], parameters[2], parameters[3], parameters[4], parameters[7]).ShouldSatisfyAllConditions(
            p => ((long[])p.Item1).ShouldBe([7, 9]), p => ((string[])p.Item2).ShouldBe(["public", "sales"]), p => ((string[])p.Item3).ShouldBe(["users", "orders"]),
            p => p.Item4.ShouldBe("open"), p => p.Item5.ShouldBe(100L));
    }

    [Fact]
    public void Letters_are_sent_as_columns_without_what_a_text_cannot_hold()
    {
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(1_230);
        var columns = DeadLetterSql.Columns([new DeadLetter("shop", Users, "insert", "{\"id\":\"1\0\"}", null, new Position(new Lsn(255), 3), "re\0fused", "CREATE (n)", at)]);
        columns.Select(First).ShouldBe(
            ["shop", "public", "users", "insert", "{\"id\":\"1\"}", null, "0/FF", 3, "refused", "CREATE (n)", "2026-03-04T05:06:07.000123Z"]);
    }

    [Fact]
    public void A_letter_that_follows_another_keeps_its_reason_and_any_other_takes_the_new_one()
    {
        DeadLetterSql.Add(follows: false).ShouldContain("reason = excluded.reason");
        DeadLetterSql.Add(follows: true).ShouldNotContain("reason = excluded.reason");
        DeadLetterSql.Add(follows: true).ShouldContain("counted AS");
    }

    [Fact]
    public void A_row_of_letters_is_read_whole()
    {
        var letter = DeadLetterSql.Read(["7", "shop", "public", "users", "update", "{\"id\":\"1\"}", "0/FF", "3", "refused", "5", "discarded",
            "2026-03-04T05:06:07.000001", "2026-03-04T06:06:07.000002", "2026-03-04T07:06:07.000003", null, "{\"id\":\"1\",\"n\":\"x\"}", null]);
        (letter.Id, letter.Count, letter.State, letter.RetriedAt).ShouldBe((7, 5, DeadLetterState.Discarded, null));
        letter.Letter.ShouldBe(new DeadLetter("shop", Users, "update", "{\"id\":\"1\"}", "{\"id\":\"1\",\"n\":\"x\"}", new Position(new Lsn(255), 3), "refused", null, At("06:06:07.000002")));
        (letter.FirstSeen, letter.ClosedAt).ShouldBe((At("05:06:07.000001"), At("07:06:07.000003")));
    }

    [Fact]
    public void Incidents_are_listed_newest_first_as_the_filter_says()
    {
        var (sql, parameters) = IncidentSql.List(new IncidentFilter("shop", IncidentState.Ended, At("05:06:07.000000")), before: 100, limit: 20);
        sql.ShouldContain("WHERE pipeline = $1 AND state = $2 AND (state = 'open' OR coalesce(ended_at, closed_at) >= $3::timestamptz) AND id < $4 ORDER BY incidents.id DESC LIMIT 20");
        parameters.ShouldBe(["shop", "ended", "2026-03-04T05:06:07.000000Z", 100L]);
        IncidentSql.List(new IncidentFilter("shop"), before: null, limit: 5).Sql.ShouldContain("WHERE pipeline = $1 ORDER BY");
    }

    [Fact]
    public void Incidents_are_sent_as_columns_and_read_back_whole()
    {
        var incident = new Incident("shop", PipelineRole.Capture, IncidentKind.Outage, "broker", "a\0way", At("05:06:07.000001"))
        {
            Ended = At("05:07:07.000000"), LastReason = "still away", Outcome = "it went away", Retries = 1, CircuitOpenings = 2, Restarts = 3, Letters = 4, Relapses = 5, Run = "r1",
        };
        var columns = IncidentSql.Columns([incident], "node-1");
        columns.Select(First).ShouldBe(
            ["shop", "capture", "outage", "broker", "2026-03-04T05:06:07.000001Z", "2026-03-04T05:07:07.000000Z", "away", "still away", "it went away", 1, 2, 3, 4, 5, "r1", "node-1"]);

        var read = IncidentSql.Read(["9", "shop", "capture", "outage", "broker", "away", "2026-03-04T05:06:07.000001", "2026-03-04T05:07:07.000000", null, "still away", "it went away",
            "1", "2", "3", "4", "5", "node-1", "r1", "ended"]);
        read.ShouldBe(new StoredIncident(9, incident with { Reason = "away" }, IncidentState.Ended, "node-1", null));
    }

    private static object? First(object column) => column switch { int[] numbers => numbers[0], string?[] texts => texts[0], _ => column };

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse($"2026-03-04T{time}Z", System.Globalization.CultureInfo.InvariantCulture);
}
