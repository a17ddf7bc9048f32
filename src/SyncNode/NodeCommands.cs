using System.CommandLine;
using PolyglotSync.Cli;
using PolyglotSync.SyncNode.Demo;
using PolyglotSync.SyncNode.Docs;
using PolyglotSync.SyncNode.Init;
using PolyglotSync.SyncNode.Load;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Plan;
using PolyglotSync.SyncNode.Query;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode;

/// <summary>The whole command line of the program.</summary>
internal static class NodeCommands
{
    public static Command CreateRoot()
    {
        var root = PolysyncCommand.Create(DemoCommand.Create(), RunCommand.Create(), CaptureCommand.Create(), PlanCommand.Create(), InitCommand.Create(), SchemaCommand.Create(), QueryCommand.Create(), LoadCommand.Create());
        root.Subcommands.Add(CliDocsCommand.Create(root));
        return root;
    }
}
