using PolyglotSync.Faults.Faults;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>A source that goes away in its own ways.</summary>
[Collection(FaultCollection.Name)]
[Trait("Category", "Integration")]
public sealed class SourceTests(FaultServers servers)
{
    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_server_that_no_longer_waits_for_the_node_is_read_again()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor);
        await using var load = new RandomLoad(world, seed: 4);
        for (var round = 0; round < 3; round++) await SourceFaults.SenderTimeout(stillMs: 2_500).RunAsync(world);
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task Connections_to_the_source_that_went_silent_are_given_up_after_a_minute()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor);
        await using var load = new RandomLoad(world, seed: 5);
        world.Source.Silence();
        await world.UntilDegradedAsync(TimeSpan.FromSeconds(100));
        await load.DisposeAsync();
        world.Source.Heal();
        await world.ShouldBeRightAsync();
    }

    [SkippableFact]
    public async Task A_transaction_in_whose_middle_PostgreSQL_was_restarted_comes_whole_or_not_at_all()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor);
        foreach (var mode in (string[])["fast", "immediate"])
        {
            var large = world.SqlAsync("insert into notes (text, person_id) select 'large ' || n, n % 1000 + 1 from generate_series(1, 200000) n");
            await Eventually.AsyncTrue(async () => large.IsCompleted || await world.Postgres.ScalarAsync<long>($"select count(*) from pg_stat_activity where datname = '{world.Database}' and query like 'insert into notes%' and state = 'active'") > 0);
            await world.Postgres.RestartAsync(mode);
            await large.ContinueWith(_ => { }, TaskScheduler.Default);
            await world.ShouldBeRightAsync();
        }
    }
}
