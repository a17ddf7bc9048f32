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
            Description = $"how much is logged, to stderr (default: {NodeLog.Variable}, else {otherwise})", HelpName = string.Join('|', NodeLog.Levels),
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(NodeLog.Variable) is { Length: > 0 } set ? set : otherwise,
        };
        option.AcceptOnlyFromAmong(NodeLog.Levels);
        return option;
    }

    public static Option<string?> Hocon() => new("--hocon")
    {
        Description = $"Akka configuration to lay over that of the role (default: {HoconFiles.Variable})", HelpName = "FILE",
    };

    public static Option<string?> Name()
    {
        var option = new Option<string?>("--node") { Description = "what this node is called in the status of all nodes and in incidents (default: MACHINE:PORT of its API)", HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (result.Tokens[0].Value is var name && (name.Length is 0 or > 100 || name.Any(c => char.IsControl(c) || c == ',')))) result.AddError("--node takes 1 to 100 characters without commas");
        });
        return option;
    }

    public static Option<NodeRole> Role() => new("--role")
    {
        Description = "embedded: a node on its own, no port but the API's; node: as such, with its entity actors in a shard region and its journal in PostgreSQL; cluster: one of several nodes that share the pipelines out (default: embedded)",
        HelpName = "embedded|node|cluster",
    };

    public static Option<string?> Journal() => new("--journal")
    {
        Description = $"PostgreSQL in which pipelines remember, over restarts, that they were paused or failed: tables in schema polysync (default: {Hosting.Journal.Variable}, else in memory, "
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
