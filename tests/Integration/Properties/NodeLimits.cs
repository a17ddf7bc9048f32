namespace PolyglotSync.Integration.Properties;

/// <summary>Limits of the node under test: small ones bring a few rows to where else it takes millions (chunks, batches, rounds of several writers, parts of a transaction).</summary>
public sealed record NodeLimits(int CopyChunkRows, int BatchRows, int Buckets, int MaxInFlightRows, int MaxSourceTransactionRows)
{
    public static NodeLimits Default { get; } = new(10_000, 5_000, 16, 100_000, 100_000);

    public static NodeLimits Make(Random random) => new(
        Pick(random, 3, 40, 10_000), Pick(random, 5, 5, 50, 5_000), Pick(random, 1, 4, 16), Pick(random, 10, 100_000), Pick(random, 30, 100_000, 100_000, 100_000));

    public string Manifest =>
        $"limits: {{ batch_rows: {BatchRows}, buckets: {Buckets}, max_in_flight_rows: {MaxInFlightRows}, max_source_transaction_rows: {MaxSourceTransactionRows}, retry_min_backoff_ms: 10, retry_max_backoff_ms: 200 }}";

    public override string ToString() => $"copy_chunk_rows: {CopyChunkRows}, {Manifest}";

    private static int Pick(Random random, params int[] values) => values[random.Next(values.Length)];
}
