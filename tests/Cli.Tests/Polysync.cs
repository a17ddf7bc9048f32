using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Tests;

/// <summary>Runs the command line in this process.</summary>
internal static class Polysync
{
    public static async Task<(ExitCode Code, string Out, string Error)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await PolysyncCommand.RunAsync(PolysyncCommand.Create(), args, output, error, CancellationToken.None);
        return ((ExitCode)code, output.ToString(), error.ToString());
    }

    public static PipelineStatus Status(string name = "social") => new()
    {
        Name = name, State = PipelineState.Streaming, Since = DateTimeOffset.UnixEpoch, Target = "bolt://localhost:7687", Consistency = Consistency.Transactional,
        Slot = $"polysync_{name}", ReceivedLsn = "0/20", FlushedLsn = "0/10", Watermark = "0/1F", LagBytes = 2048, LagSeconds = 0.25, RowsPerSecond = 1234,
        RowsApplied = 1_000_000, RowsInFlight = 12, BytesInFlight = 4096, DeadLetters = 3, Retries = 1, LatencyP50Ms = 4.2, LatencyP99Ms = 17,
        LastError = "[deadlock] retried", Copy = [new TableCopyStatus("public.users", "Copying", 500, 1000), new TableCopyStatus("public.posts", "Done", 9, 9)],
    };
}
