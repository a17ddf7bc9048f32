using System.Diagnostics;
using Xunit.Abstractions;

namespace PolyglotSync.Kafka.Tests.Capture;

[Collection(nameof(Broker))]
[Trait("Length", "Long")]
[Trait("Category", "Integration")]
public sealed class CaptureSpeedTests(Broker broker, Database postgres, ITestOutputHelper output)
{
    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_backlog_reaches_the_topics_faster_than_a_graph_can_take_it()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("POLYSYNC_TEST_CAPTURE_ROWS") ?? "100000", System.Globalization.CultureInfo.InvariantCulture);
        await using var world = await CaptureWorld.NewAsync(broker, postgres, "create table t (id bigint primary key, name text, at timestamptz, price numeric(10,2), flag bool)");
        await world.StartAndCopyAsync();
        await world.StopAsync();
        // transactions of a thousand rows
        for (var i = 0; i < rows; i += 50_000)
            await world.SqlAsync($"do $$ begin for k in 0..49 loop insert into t select i, 'name of ' || i, now(), (i % 100000) / 100.0, true from generate_series({i} + k * 1000, {i} + k * 1000 + 999) i; commit; end loop; end $$");
        world.Start();
        await world.UntilAsync(() => world.Progress.Rows > 0, "the first row");
        var since = Stopwatch.GetTimestamp();
        var from = world.Progress.Rows;
        await world.CaughtUpAsync();
        var rate = (world.Progress.Rows - from) / Stopwatch.GetElapsedTime(since).TotalSeconds;
        var mb = Process.GetCurrentProcess().WorkingSet64 / 1_000_000;
        output.WriteLine($"{rate:0} rows/s captured, {world.Read().Cuts.Count()} cuts, {mb} MB");
        rate.ShouldBeGreaterThan(10_000);
    }
}
