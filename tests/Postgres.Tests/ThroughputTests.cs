using System.Diagnostics;
using PolyglotSync.Contracts;
using Xunit.Abstractions;

namespace PolyglotSync.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class ThroughputTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [SkippableFact]
    public async Task A_backlog_and_a_copy_are_read_faster_than_a_graph_can_take_them()
    {
        const int Rows = 200_000;
        await using var source = await postgres.NewSourceAsync("CREATE TABLE t (id bigint PRIMARY KEY, name text, at timestamptz, price numeric(10,2), flag bool)");
        var changes = source.Changes;
        var schema = await changes.DescribeAsync(source.Token);
        const string Insert = "INSERT INTO t SELECT i, 'name of ' || i, now(), i / 100.0, true FROM generate_series(1, 200000) i";
        await source.ExecuteAsync(Insert);
        await changes.PrepareAsync(Source.Mapping(schema), source.Token);
        var (copied, copy, position) = await MeasureAsync(changes, Position.Start, CopyState.Empty, ChangeKind.Copy, Rows, source.Token);
        await source.ExecuteAsync("DELETE FROM t");
        await source.ExecuteAsync(Insert);
        var (streamed, _, _) = await MeasureAsync(changes, position, copy, ChangeKind.Insert, Rows, source.Token);
        output.WriteLine($"copy {Rows / copied.TotalSeconds:0} rows/s, stream {2 * Rows / streamed.TotalSeconds:0} rows/s");
        (Rows / copied.TotalSeconds).ShouldBeGreaterThan(10_000);
        (Rows / streamed.TotalSeconds).ShouldBeGreaterThan(10_000);
    }

    private static async Task<(TimeSpan Time, CopyState Copy, Position Position)> MeasureAsync(
        PostgresChangeSource changes, Position from, CopyState copy, ChangeKind kind, int rows, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        var position = from;
        await foreach (var batch in changes.ReadAsync(new Cut(from, Lsn.Zero), copy, cancellationToken))
        {
            foreach (var entry in batch.Entries) rows -= entry.Kind == kind ? 1 : 0;
            copy = batch.CopyState ?? copy;
            if (batch.Cut is { } cut)
            {
                position = cut.Position;
                changes.Acknowledge(cut.Watermark);
            }
            var isDone = rows <= 0 && batch.Cut is not null && copy.Tables.Values.All(t => t.Phase == CopyPhase.Done);
            batch.Release();
            if (isDone) break;
        }
        return (Stopwatch.GetElapsedTime(since), copy, position);
    }
}
