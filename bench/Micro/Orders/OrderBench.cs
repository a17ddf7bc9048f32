using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Testing;

namespace PolyglotSync.Bench.Micro.Orders;

/// <summary>
/// What it costs on Neo4j that rows are in order only key by key: the same batches of 5,000 rows, each a transaction, written as whole cuts and key by key. The better of two rounds of six batches
/// each counts, after one round for the server to warm up.
/// </summary>
internal static class OrderBench
{
    private const int Batches = 6;
    private const int Rounds = 3;
    private const string Pipeline = "orders";
    private static readonly SourcePartition Partition = new("bench", 0);

    public static async Task<int> RunAsync()
    {
        if (Neo4jServer.Missing is { } missing)
        {
            await Console.Error.WriteLineAsync($"polysync: {missing}");
            return (int)ExitCode.TargetUnavailable;
        }
        await using var server = await Neo4jServer.StartNewAsync(heap: "2g", pageCache: "1g", isBrief: false);
        var best = new Dictionary<(string Step, ChangeOrder Order), double>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var order in Enum.GetValues<ChangeOrder>())
            {
                foreach (var (step, rate) in await RoundAsync(server.Bolt, order))
                    if (round > 0) best[(step, order)] = Math.Max(rate, best.GetValueOrDefault((step, order)));
            }
        }
        Console.WriteLine("| batches of 5,000 | whole cuts, rows/s | key by key, rows/s | ratio |\n|---|---:|---:|---:|");
        foreach (var step in best.Keys.Select(k => k.Step).Distinct())
        {
            var (whole, perKey) = (best.GetValueOrDefault((step, ChangeOrder.Whole)), best.GetValueOrDefault((step, ChangeOrder.PerKey)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {step} | {(whole > 0 ? $"{whole:N0}" : "")} | {(perKey > 0 ? $"{perKey:N0}" : "")} | {(whole > 0 && perKey > 0 ? $"{perKey / whole:0.00}" : "")} |"));
        }
        return 0;
    }

    private static async Task<IReadOnlyList<(string Step, double Rate)>> RoundAsync(Uri bolt, ChangeOrder order)
    {
        await using var target = GraphTargets.Create(new TargetSettings { Uri = bolt }, new LimitSettings(), NullLoggerFactory.Instance);
        for (long left = 1; left > 0;)
            left = (long)(await ((ICypherQueries)target).QueryAsync("MATCH (n) WITH n LIMIT 20000 DETACH DELETE n RETURN count(n)", default))[0][0]!;
        var (mapping, _) = MappingInference.Infer(OrderRows.Schema, new MappingSettings());
        await target.PrepareAsync(mapping, OrderRows.Schema, default, order);
        var apply = await ApplierAsync(target, order);
        var rates = new List<(string, double)>();
        await StepAsync("users, new", b => OrderRows.Users(b, RowOperationKind.Insert));
        await StepAsync("users, updated", b => OrderRows.Users(b, RowOperationKind.Update));
        await StepAsync("posts, new, their authors known", b => OrderRows.OfPosts(b, RowOperationKind.Insert, i => i * 31 % (Batches * OrderRows.BatchRows)));
        await StepAsync("posts, updated", b => OrderRows.OfPosts(b, RowOperationKind.Update, i => i * 31 % (Batches * OrderRows.BatchRows), "another title"));
        await StepAsync("posts, updated, with another author", b => OrderRows.OfPosts(b, RowOperationKind.Update, i => i * 37 % (Batches * OrderRows.BatchRows)));
        await StepAsync("follows (a join table), new", OrderRows.Follows);
        await StepAsync("posts, deleted", b => OrderRows.OfPosts(b, RowOperationKind.Delete, i => i));
        if (order == ChangeOrder.PerKey)
        {
            await StepAsync("posts, new, their authors unknown", b => OrderRows.OfPosts(b + Batches, RowOperationKind.Insert, i => i + 1_000_000));
            await StepAsync("users, deleted, followed still", b => OrderRows.Users(b, RowOperationKind.Delete));
        }
        return rates;

        async Task StepAsync(string name, Func<int, RowOperation[]> rowsOf)
        {
            var sets = Enumerable.Range(0, Batches).Select(rowsOf).ToList();
            var started = Stopwatch.GetTimestamp();
            foreach (var set in sets) await apply(set);
            rates.Add((name, Batches * OrderRows.BatchRows / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }
    }

    private static async Task<Func<RowOperation[], Task>> ApplierAsync(IGraphTarget target, ChangeOrder order)
    {
        if (order == ChangeOrder.PerKey)
        {
            var state = (await target.ClaimPartitionsAsync(Pipeline, [Partition], default))[0];
            return async operations =>
            {
                var move = new PartitionMove(Partition, state.Offset, state.Offset + operations.Length, state.Generation);
                await target.ApplyAsync(Pipeline, new WriteSet { Operations = operations, Generation = 0, Partitions = [move] }, default);
                state = state with { Offset = move.To };
            };
        }
        var claimed = await target.ClaimAsync(Pipeline, default);
        var commit = 1UL;
        return async operations =>
        {
            var position = Position.EndOf(new Lsn(++commit));
            var state = claimed with { Position = position, Intent = position, Watermark = new Lsn(commit) };
            await target.ApplyAsync(Pipeline, new WriteSet { Operations = operations, Generation = claimed.Generation, State = state }, default);
        };
    }
}
