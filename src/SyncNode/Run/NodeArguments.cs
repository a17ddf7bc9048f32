using System.CommandLine;
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
        Description = $"Akka configuration to lay over hocon/node.conf (default: {HoconFiles.Variable}, else hocon/embedded.conf)", HelpName = "FILE",
    };
}
