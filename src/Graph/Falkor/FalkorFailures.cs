using System.Net.Sockets;

namespace PolyglotSync.Graph.Falkor;

/// <summary>Says of each failure whether it goes away by itself, is a row's fault, or needs a person.</summary>
internal static class FalkorFailures
{
    private static readonly string[] Passing = ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "MISCONF", "OOM", "Query timed out", "Max pending queries"];
    private static readonly string[] Login = ["NOAUTH", "WRONGPASS", "NOPERM", "ERR invalid password", "ERR AUTH"];

    public static PipelineFailure Classify(Exception failure, string address, string? cypher = null) => failure switch
    {
        PipelineFailure known => known,
        RespException answer when Login.Any(l => answer.Message.StartsWith(l, StringComparison.OrdinalIgnoreCase)) =>
            Make(FailureClass.Fatal, $"{address} refuses the login ({answer.Message}); check target.user and target.password", failure),
        RespException answer when answer.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase) =>
            Make(FailureClass.Fatal, $"{address} is a Redis or Valkey without FalkorDB's module; load falkordb.so there", failure),
        RespException answer when Passing.Any(p => answer.Message.StartsWith(p, StringComparison.OrdinalIgnoreCase)) =>
            Make(FailureClass.Transient, $"{address}: {answer.Message}", failure),
        RespException answer => new PipelineFailure(FailureClass.Poison, $"{address} refuses a write: {answer.Message}", failure) { Cypher = cypher },
        TimeoutException => Make(FailureClass.Transient, $"{address} did not answer in time ({failure.Message}); target.write_timeout_ms says how long a write may take", failure),
        SocketException or IOException => Make(FailureClass.Transient, $"{address} does not answer: {failure.Message}; is FalkorDB running there?", failure),
        _ => Make(FailureClass.Fatal, $"{address}: an error that should not be: {failure.GetType().Name}: {failure.Message}", failure),
    };

    private static PipelineFailure Make(FailureClass failureClass, string message, Exception inner) =>
        new(failureClass, message, inner) { ExitCode = ExitCode.TargetUnavailable };
}
