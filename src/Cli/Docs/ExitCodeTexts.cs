using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Docs;

/// <summary>What each exit code means, for the reference.</summary>
public static class ExitCodeTexts
{
    /// <summary>Those that any command may end with.</summary>
    public static readonly IReadOnlyList<ExitCode> OfEveryCommand = [ExitCode.Success, ExitCode.Failed, ExitCode.Usage, ExitCode.Interrupted];

    public static string Of(ExitCode code) => code switch
    {
        ExitCode.Success => "success",
        ExitCode.Failed => "something failed that has no code of its own",
        ExitCode.Usage => "the command line is wrong",
        ExitCode.InvalidManifest => "the manifest, the mapping or a HOCON file is wrong; of `apply` and `diff`: as the node reads it",
        ExitCode.SourceUnavailable => "the source cannot be reached or refuses the login",
        ExitCode.SourceUnfit => "the source lacks what capture needs: logical WAL, rights, a table, a key, a free slot",
        ExitCode.TargetUnavailable => "the target cannot be reached or refuses the login",
        ExitCode.NodeUnavailable => "no node answers at the API's address",
        ExitCode.TimedOut => "the time given was not enough",
        ExitCode.Diverged => "graph and tables differ; of `diff`: manifests and the node do",
        ExitCode.Fenced => "another node took the pipeline over",
        ExitCode.BrokerUnavailable => "Kafka cannot be reached or refuses the login",
        ExitCode.BrokerUnfit => "Kafka lacks what is needed: a topic, a right, an offset that retention deleted, room for a message",
        ExitCode.RefusedAgain => "rows that `dlq retry` brought were refused again",
        ExitCode.Unauthorized => "the node's API wants its token, or another one",
        ExitCode.Interrupted => "ended by Ctrl-C",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "an exit code without a text"),
    };
}
