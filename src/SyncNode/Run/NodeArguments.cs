using System.CommandLine;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Hosting;

namespace PolyglotSync.SyncNode.Run;

/// <summary>Options of every command that starts a node.</summary>
internal static class NodeArguments
{
    public static Option<string> LogLevel(string otherwise)
    {
        var option = new Option<string>("--log-level")
        {
            Description = $"{string.Join(", ", NodeLog.Levels)} (default: {NodeLog.Variable}, else {otherwise}); logs go to stderr", HelpName = "LEVEL",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(NodeLog.Variable) is { Length: > 0 } set ? set : otherwise,
        };
        option.AcceptOnlyFromAmong(NodeLog.Levels);
        return option;
    }

    public static Option<string?> Hocon() => new("--hocon")
    {
        Description = $"Akka configuration to lay over that of the role (default: {HoconFiles.Variable})", HelpName = "FILE",
    };

    public static Option<NodeRole> Role() => new("--role")
    {
        Description = "embedded (default): a node on its own; node: as such, with sharded entities and its journal in PostgreSQL; cluster: one of several nodes that share the pipelines out", HelpName = "embedded|node|cluster",
    };

    public static Option<string?> Journal() => new("--journal")
    {
        Description = $"PostgreSQL in which pipelines remember that they were paused or failed (default: {Hosting.Journal.Variable}, else in memory, "
            + "or with --role node the first pipeline's source)", HelpName = "DSN",
    };

    /// <summary>The journal's database as an Npgsql connection string; null: in memory.</summary>
    /// <exception cref="PipelineFailure">The DSN cannot be read.</exception>
    public static string? JournalOf(string? dsn, NodeRole role, IReadOnlyList<PipelineSettings> pipelines)
    {
        if (string.IsNullOrEmpty(dsn)) dsn = Environment.GetEnvironmentVariable(Hosting.Journal.Variable);
        if (string.IsNullOrEmpty(dsn) && role == NodeRole.Cluster)
            throw new PipelineFailure(FailureClass.Fatal, "the nodes of a cluster have one journal, or a pipeline that is paused would run on the next: name its database, the same for every node, with --journal") { ExitCode = ExitCode.Usage };
        if (string.IsNullOrEmpty(dsn)) return role != NodeRole.Node ? null : pipelines.Count > 0 ? pipelines[0].Source.ConnectionString
            : throw new PipelineFailure(FailureClass.Fatal, "a node without pipelines has no source for its journal: name its database with --journal") { ExitCode = ExitCode.Usage };
        return SourceConnection.Parse(dsn);
    }
}
