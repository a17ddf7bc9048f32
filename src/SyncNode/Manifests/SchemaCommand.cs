using System.CommandLine;
using PolyglotSync.Contracts;
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
            if (parsed.GetValue(docs) is { } file) await RenewAsync(file, stop);
            else await parsed.InvocationConfiguration.Output.WriteAsync(ManifestSchema.Text);
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static async Task RenewAsync(string file, CancellationToken stop)
    {
        try
        {
            await File.WriteAllTextAsync(file, ManifestTables.Renew(await File.ReadAllTextAsync(file, stop)), stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"{file}: {e.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }
}
