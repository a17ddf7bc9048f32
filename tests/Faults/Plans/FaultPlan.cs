using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.Faults.Faults;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Plans;

/// <summary>What is done to a run and when: all of it comes out of the seed.</summary>
/// <param name="Capture">Who captures into Kafka; null: changes go directly.</param>
public sealed record FaultPlan(
    int Seed, GraphKind Target, Consistency Consistency, CaptureMode? Capture, string Limits, string? FirstFailpoint, TimeSpan Length, IReadOnlyList<PlannedFault> Faults)
{
    /// <summary>Targets and consistencies, in turn by the seed.</summary>
    private static readonly (GraphKind, Consistency)[] Turns =
    [
        (GraphKind.Falkor, Consistency.Parallel), (GraphKind.Neo4j, Consistency.Transactional), (GraphKind.Neo4j, Consistency.Parallel), (GraphKind.Falkor, Consistency.Transactional),
    ];

    public static GraphKind TargetOf(int seed) => Turns[(uint)seed % Turns.Length].Item1;

    /// <param name="throughKafka">Each target and consistency meets either way to capture in turn.</param>
    public static FaultPlan Of(int seed, TimeSpan length, bool throughKafka)
    {
        var random = new Random(seed);
        var (target, consistency) = Turns[(uint)seed % Turns.Length];
        CaptureMode? capture = !throughKafka ? null : (((uint)seed / Turns.Length) + (uint)seed) % 2 == 0 ? CaptureMode.Embedded : CaptureMode.Separate;
        var faults = new List<PlannedFault>();
        // the copy is under way at first, and the last faults have time to heal
        for (var at = 1.0 + random.NextDouble() * 2; at < length.TotalSeconds - 2; at += 1.5 + (random.NextDouble() * 4))
            faults.Add(new PlannedFault(TimeSpan.FromSeconds(Math.Round(at, 1)), capture is { } mode ? KafkaCatalog.Draw(random, target, mode) : FaultCatalog.Draw(random, target)));
        string? first = random.Next(2) != 0 ? null : capture is null ? FaultCatalog.FirstFailpoint(random) : KafkaCatalog.FirstFailpoint(random);
        return new FaultPlan(seed, target, consistency, capture, DrawLimits(random), first, length, faults);
    }

    /// <summary>Names of the faults, for one line.</summary>
    public string Summary => string.Join(", ", (FirstFailpoint is null ? [] : (string[])[FirstFailpoint]).Concat(Faults.Select(f => f.Fault.Name)));

    public bool ChangesColumns => Faults.Any(f => f.Fault.Name.Contains(SourceFaults.ColumnName, StringComparison.Ordinal));

    /// <summary>The way that changes take, for a line: empty where they go directly.</summary>
    public string Way => Capture is { } capture ? $" kafka {capture.ToString().ToLowerInvariant(),-8}" : "";

    public string Command => string.Create(CultureInfo.InvariantCulture, $"./polysync test faults{(Capture is null ? "" : " --transport kafka")} --runs 1 --seed {Seed}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        seed {Seed}:{Way} {Target}, {Consistency.ToString().ToLowerInvariant()}, {Length.TotalSeconds:0} s of load
          {Limits}
          0.0 s: the node starts{(FirstFailpoint is null ? "" : $" with failpoint {FirstFailpoint}")}
        {string.Join('\n', Faults.Select(f => "  " + f))}
        alone again: {Command}
        """);

    private static string DrawLimits(Random random)
    {
        int Pick(params int[] values) => values[random.Next(values.Length)];
        return $"limits: {{ batch_rows: {Pick(50, 500, 5_000)}, buckets: {Pick(4, 16)}, max_in_flight_rows: {Pick(500, 100_000)}, "
            + $"max_source_transaction_rows: {Pick(500, 100_000)}, watermark_interval_ms: 500, retry_min_backoff_ms: 20, retry_max_backoff_ms: 500 }}";
    }
}
