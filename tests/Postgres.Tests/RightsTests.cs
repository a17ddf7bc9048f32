using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Testing;

namespace PolyglotSync.Postgres.Tests;

/// <summary>The rights that docs/operations.md gives to each role are enough, and what lacks one is told.</summary>
[Collection(PostgresCollection.Name)]
[Trait("Category", "Integration")]
public sealed class RightsTests(PostgresFixture postgres)
{
    private const string Tables = "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users); "
        + "INSERT INTO users VALUES (1, 'Ann'); INSERT INTO posts VALUES (1, 1)";

    private static DeadLetter Letter => new("p", new TableName("public", "users"), "insert", """{"id":"1"}""", """{"id":"1"}""", new Position(new Lsn(7), 3), "refused", null, DateTimeOffset.UnixEpoch);

    private static Incident Incident => new("p", PipelineRole.Graph, IncidentKind.Outage, "target", "away", DateTimeOffset.UnixEpoch) { Run = "run 1" };

    /// <summary>A database whose pipeline has the documented role.</summary>
    private async Task<Source> NewSourceAsync()
    {
        var source = await postgres.NewSourceAsync(Tables);
        await source.ExecuteAsync(DocumentedRights.Of("capture", source.Name, source.Name));
        source.Settings = source.Settings with { ConnectionString = As("capture", source) };
        return source;
    }

    private static string As(string role, Source source) => source.Server.ConnectionString(source.Database, $"polysync_{role}_{source.Name}");

    private static PipelineSettings With(string role, Source source) => source.Pipeline with { Source = source.Settings with { ConnectionString = As(role, source) } };

    private static async Task KeepsAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        await using var letters = new PostgresDeadLetterStore(settings);
        await letters.AddAsync([Letter], cancellationToken);
        await letters.RetryAsync(new DeadLetterFilter("p"), cancellationToken);
        await letters.ResolveAsync("p", [new DeadKey(Letter.Table, Letter.Key)], cancellationToken);
        (await letters.CountAsync("p", cancellationToken)).ShouldBe(0);
        await using var incidents = new PostgresIncidentStore(settings, "here");
        await incidents.SaveAsync([Incident], cancellationToken);
        await incidents.SaveAsync([Incident with { Retries = 7 }], cancellationToken);
        await incidents.CloseLeftOpenAsync("p", PipelineRole.Graph, "run 2", DateTimeOffset.UnixEpoch, false, cancellationToken);
        (await incidents.ListAsync(new IncidentFilter("p"), null, 10, cancellationToken)).ShouldHaveSingleItem().State.ShouldBe(IncidentState.Unknown);
    }

    [SkippableFact]
    public async Task The_pipeline_s_role_copies_captures_and_keeps_dead_letters_and_incidents()
    {
        await using var source = await NewSourceAsync();
        await source.StartAsync();
        await source.CopiedAsync();
        await source.ExecuteAsync("INSERT INTO users VALUES (2, 'Ben'); UPDATE posts SET author = 2");
        await source.CatchUpAsync();
        source.Mirror.Rows("public.users").Count.ShouldBe(2);
        await KeepsAsync(source.Pipeline, source.Token);
    }

    [SkippableTheory]
    [InlineData("ALTER ROLE polysync_capture NOREPLICATION", "REPLICATION")]
    [InlineData("REVOKE SELECT ON users FROM polysync_capture", "GRANT SELECT ON")]
    [InlineData("REVOKE USAGE ON SCHEMA public FROM polysync_capture, PUBLIC", "GRANT USAGE ON SCHEMA")]
    [InlineData("DROP PUBLICATION polysync_shop", "may not create publication")]
    [InlineData("ALTER PUBLICATION polysync_shop DROP TABLE posts", "does not own table public.posts")]
    public async Task A_role_that_lacks_one_right_is_told_which(string revoke, string told)
    {
        await using var source = await NewSourceAsync();
        await source.ExecuteAsync(revoke.Replace("polysync_capture", $"polysync_capture_{source.Name}", StringComparison.Ordinal).Replace("polysync_shop", $"polysync_{source.Name}", StringComparison.Ordinal));
        var failure = await Should.ThrowAsync<PipelineFailure>(source.StartAsync());
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.SourceUnfit), failure.Message);
        failure.Message.ShouldContain(told);
    }

    [SkippableFact]
    public async Task Without_the_schema_dead_letters_and_incidents_say_who_has_to_make_it()
    {
        await using var source = await NewSourceAsync();
        await source.ExecuteAsync("DROP SCHEMA polysync");
        await using var letters = new PostgresDeadLetterStore(source.Pipeline);
        await using var incidents = new PostgresIncidentStore(source.Pipeline, "here");
        foreach (var keep in (Func<Task>[])[() => letters.AddAsync([Letter], source.Token), () => incidents.SaveAsync([Incident], source.Token)])
        {
            var failure = await Should.ThrowAsync<PipelineFailure>(keep);
            failure.ExitCode.ShouldBe(ExitCode.SourceUnfit);
            failure.Message.ShouldContain("CREATE SCHEMA polysync AUTHORIZATION");
        }
    }

    [SkippableTheory]
    [InlineData("capture", "reader")]
    [InlineData("reader", "capture")]
    public async Task A_reader_of_topics_asks_the_catalog_and_shares_what_is_kept_whoever_makes_it(string first, string second)
    {
        await using var source = await NewSourceAsync();
        await source.ExecuteAsync(DocumentedRights.Of("reader", source.Name, source.Name));
        await using var reader = new PostgresChangeSource(With("reader", source), NullLoggerFactory.Instance, TimeProvider.System, readsLog: false);
        (await reader.DescribeAsync(source.Token)).Tables.Count.ShouldBe(2);
        (await reader.IdentifyAsync(source.Token)).ShouldBe(await source.Changes.IdentifyAsync(source.Token));
        (await reader.MarkAsync(source.Token)).ShouldBeGreaterThan(Lsn.Zero);
        await using (var connection = new NpgsqlConnection(As("reader", source) + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var select = new NpgsqlCommand("SELECT * FROM users", connection);
            (await Should.ThrowAsync<PostgresException>(select.ExecuteScalarAsync())).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }

        await KeepsAsync(With(first, source), source.Token);
        await source.ExecuteAsync("DELETE FROM polysync.dead_letters; DELETE FROM polysync.incidents");
        await KeepsAsync(With(second, source), source.Token);
    }
}
