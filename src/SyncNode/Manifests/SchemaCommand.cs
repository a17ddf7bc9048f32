using System.CommandLine;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Docs;
using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary><c>polysync schema</c>: a manifest's JSON schema, for editors; with <c>--docs</c> the tables of the reference, from the same description.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var docs = new Option<string?>("--docs") { Description = "make the tables between the markers of this file anew, instead of printing the schema (docs/manifest.md)", HelpName = "FILE" };
        var command = new Command("schema", "print the JSON schema of a manifest, for editors") { docs };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(docs) is { } file) await DocsFile.WriteAsync(file, ManifestTables.Renew, stop);
            else await parsed.InvocationConfiguration.Output.WriteAsync(ManifestSchema.Text);
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "The schema on stdout; with `--docs` nothing.",
            Examples = [new("schema", "`./polysync schema > pipelines/manifest.schema.json` renews the repository's"), new("schema --docs docs/manifest.md", "renews the reference's tables")],
            More = "How an editor finds it: [manifest](manifest.md).",
        });
        return command;
    }
}
