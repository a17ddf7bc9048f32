using PolyglotSync.Kafka.Cuts;

namespace PolyglotSync.Kafka.Tests.Capture;

/// <summary>What a capture brings into the topics.</summary>
[Collection(nameof(Broker))]
[Trait("Category", "Integration")]
public sealed class CaptureTests(Broker broker, Database postgres)
{
    private const string Tables = """
        create table users (id int primary key, name text, bio text);
        create table posts (id int primary key, title text);
        """;

    [SkippableFact]
    public async Task The_first_copy_and_what_is_written_besides_is_all_in_the_topics()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables + "insert into users select i, 'u' || i, null from generate_series(1, 5000) i; insert into posts select i, 't' from generate_series(1, 30) i");
        world.CopyChunkRows = 700;
        world.Start();
        for (var i = 0; i < 20; i++) await world.SqlAsync($"update users set name = name || '!' where id between {i * 200} and {(i * 200) + 100}; insert into users values ({10_000 + i}, 'new', 'b')");
        await world.StartedAndCopiedAsync();
        await world.CaughtUpAsync();

        var topics = world.Read();
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name, bio"));
        topics.Table("posts").ShouldBe(await world.TableAsync("posts", "id", "id, title"));
        topics.Complaints.ShouldBeEmpty();
        topics.Changes.ShouldContain(c => c.Kind == ChangeKind.Copy);
        var relation = topics.Records.OfType<RelationRecord>().Single(r => r.Table.Name == "users");
        relation.Columns.Select(c => (c.Name, c.Type.Kind)).ShouldBe([("id", PgKind.Int4), ("name", PgKind.Text), ("bio", PgKind.Text)]);
        relation.Key.ShouldBe(["id"]);
        topics.Cuts.Last().Copy!.Tables.Values.ShouldAllBe(t => t.Phase == CopyPhase.Done);
        topics.Cuts.ShouldAllBe(c => c.Position.IsWhole);
    }

    [SkippableFact]
    public async Task Updates_deletes_changed_keys_and_truncates_come_in_the_order_of_the_log()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables);
        await world.StartAndCopyAsync();
        await world.SqlAsync("insert into users select i, 'u' || i, repeat('x', 5) from generate_series(1, 100) i");
        await world.SqlAsync("update users set name = 'v' where id <= 50; delete from users where id > 90; update users set id = id + 1000 where id between 10 and 20");
        await world.SqlAsync("insert into posts values (1, 'a'), (2, 'b')");
        await world.SqlAsync("truncate posts; insert into posts values (2, 'c')");
        await world.CaughtUpAsync();

        var topics = world.Read();
        topics.Table("users").ShouldBe(await world.TableAsync("users", "id", "id, name, bio"));
        topics.Table("posts").ShouldBe(await world.TableAsync("posts", "id", "id, title"));
        topics.Complaints.ShouldBeEmpty();
        topics.Changes.Single(c => c.Kind == ChangeKind.Truncate).Partitions.ShouldBe(world.Kafka.Partitions);
        topics.Changes.Count(c => c.OldKey is not null && c.Kind == ChangeKind.Update).ShouldBe(11);
        topics.Changes.Select(c => c.Position).ShouldBeInOrder();
    }

    [SkippableFact]
    public async Task A_change_of_columns_stands_in_the_log_before_the_rows_that_come_under_it()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables + "insert into users values (1, 'a', 'b')");
        await world.StartAndCopyAsync();
        await world.SqlAsync("alter table users rename column name to nick; alter table users drop column bio; alter table users add column age int; insert into users values (2, 'c', 7)");
        // a table that was copied without having a row
        await world.SqlAsync("alter table posts add column body text; insert into posts values (1, 't', 'x')");
        await world.CaughtUpAsync();

        var topics = world.Read();
        topics.Table("users")["2"].ShouldBe("2|c|7");
        var changed = topics.Records.OfType<RelationRecord>().Single(r => r.Table.Name == "users" && r.Changed is not null);
        changed.Columns.Select(c => c.Name).ShouldBe(["id", "nick", "age"]);
        changed.Changed!.Renamed.ShouldBe([new ColumnRename("name", "nick")]);
        changed.Changed.Dropped.ShouldBe(["bio"]);
        changed.Changed.Added.ShouldBe(["age"]);
        changed.Change.ShouldBeLessThan(topics.Changes.Single(c => c.Key == "2").Number);
        topics.Records.OfType<RelationRecord>().Where(r => r.Table.Name == "posts").Select(r => (r.Columns.Count, r.Changed is not null)).ShouldBe([(2, false), (3, true)]);
    }

    [SkippableFact]
    public async Task A_large_transaction_has_cuts_inside_with_the_watermark_of_the_one_before()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables);
        world.Limits = world.Limits with { MaxSourceTransactionRows = 10_000, MaxInFlightRows = 5_000 };
        await world.StartAndCopyAsync();
        await world.SqlAsync("insert into users select i, 'u', null from generate_series(1, 60000) i");
        await world.CaughtUpAsync();

        var topics = world.Read();
        topics.Changes.Count.ShouldBe(60_000);
        var inside = topics.Cuts.Where(c => !c.Position.IsWhole).ToList();
        inside.ShouldNotBeEmpty();
        inside.ShouldAllBe(c => c.Watermark < c.Position.CommitLsn);
        topics.Cuts.Select(c => c.Change).ShouldBeInOrder();
        topics.Cuts.Last().Position.IsWhole.ShouldBeTrue();
    }

    [SkippableFact]
    public async Task An_idle_database_moves_the_slot_and_writes_few_cuts()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables);
        world.HeartbeatIntervalMs = 200;
        await world.StartAndCopyAsync();
        await world.CaughtUpAsync();
        var before = await world.ConfirmedAsync();
        // work in a database that nobody captures
        for (var i = 0; i < 3; i++)
        {
            await postgres.Server.ExecuteAsync("create table if not exists noise (t text); insert into noise select repeat('x', 1000) from generate_series(1, 1000)");
            var end = await world.ScalarAsync<string>("select pg_current_wal_flush_lsn()::text");
            await Testing.Servers.Eventually.AsyncTrue(async () => await world.ScalarAsync<bool>(
                $"select confirmed_flush_lsn >= '{end}' from pg_replication_slots where slot_name = '{world.Slot}'"), what: $"the slot passes {end}");
        }
        (await world.ConfirmedAsync()).ShouldNotBe(before);
    }

    [SkippableFact]
    public async Task A_row_that_is_too_large_for_a_message_stops_with_what_to_do()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables);
        world.Kafka = world.Kafka with { MaxMessageBytes = 20_000 };
        await world.StartAndCopyAsync();
        await world.SqlAsync("insert into users values (1, 'a', repeat('x', 30000))");
        var failure = await Should.ThrowAsync<PipelineFailure>(world.Running.WaitAsync(TimeSpan.FromSeconds(30)));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnfit);
        failure.Message.ShouldContain("table public.users: the change at");
        failure.Message.ShouldContain("kafka.max_message_bytes is 20000; raise it");
    }

    [SkippableFact]
    public async Task Topics_of_another_source_are_left_alone()
    {
        await using var world = await CaptureWorld.NewAsync(broker, postgres, Tables);
        await world.StartAndCopyAsync();
        await world.StopAsync();
        await using var other = await CaptureWorld.NewAsync(postgres.Server, world.Kafka, Tables);
        other.Start();
        var failure = await Should.ThrowAsync<PipelineFailure>(other.Running.WaitAsync(TimeSpan.FromSeconds(30)));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain($"hold changes of database '{world.Database}'");
        failure.Message.ShouldContain("choose another kafka.prefix");
    }
}
