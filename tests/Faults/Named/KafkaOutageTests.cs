using PolyglotSync.Contracts;
using PolyglotSync.Faults.Faults;
using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Named;

/// <summary>A broker, or a graph behind one, that is away.</summary>
[Collection(FaultCollection.Name)]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class KafkaOutageTests(FaultServers servers)
{
    [SkippableTheory]
    [InlineData(CaptureMode.Embedded)]
    [InlineData(CaptureMode.Separate)]
    public async Task Kafka_gone_for_a_minute_is_waited_for_and_nothing_is_lost_nor_put_into_dead_letters(CaptureMode capture)
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, capture);
        await using var load = new RandomLoad(world, seed: 11);
        var gone = NetworkFaults.Refuse(NetworkLink.Kafka, ms: 60_000).RunAsync(world);
        await world.UntilDegradedAsync(TimeSpan.FromSeconds(40));
        await gone;
        await load.DisposeAsync();
        await world.ShouldBeRightAsync();
        (await LettersEverAsync(world)).ShouldBe(0);
        world.PeakMemoryMb.ShouldBeLessThan(world.MemoryLimitMb);
    }

    [SkippableFact]
    public async Task Rows_written_during_an_outage_that_end_in_dead_letters()
    {
        await using var world = await NamedWorld.StreamingAsync(servers, GraphKind.Falkor, CaptureMode.Embedded);
        await servers.KillGraphAsync(GraphKind.Falkor);
        for (var i = 0; i < 10; i++)
        {
            await world.SqlAsync($"insert into people select {100_000 + (i * 10)} + n, 1, 'meanwhile', null, 1, null from generate_series(0, 9) n; "
                + $"insert into notes (text, person_id) select 'meanwhile', id from people where id >= {100_000 + (i * 10)}; update people set count = count + 1 where id < 20");
        }
        await world.UntilDegradedAsync(TimeSpan.FromSeconds(30));
        await servers.StartGraphAgainAsync(GraphKind.Falkor);
        await world.ShouldBeRightAsync();
        (await LettersEverAsync(world)).ShouldBe(0);
    }

    /// <summary>Those that were settled since, too.</summary>
    private static async Task<long> LettersEverAsync(FaultWorld world) =>
        await world.ScalarAsync<bool>("select to_regclass('polysync.dead_letters') is not null") ? await world.ScalarAsync<long>("select count(*) from polysync.dead_letters") : 0;
}
