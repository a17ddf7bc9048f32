using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;

namespace PolyglotSync.Deploy.Tests.Files;

/// <summary>Asks the product itself whether what containers give it can be read.</summary>
internal static class Product
{
    /// <summary>What the command line says to arguments; empty: it takes them.</summary>
    public static IReadOnlyList<string> Mistakes(IEnumerable<string> arguments) => [.. NodeCommands.CreateRoot().Parse([.. arguments]).Errors.Select(e => e.Message)];

    public static bool HasCommand(string name) => NodeCommands.CreateRoot().Subcommands.Any(c => c.Name == name);

    /// <summary>Reads a manifest as the node does.</summary>
    /// <param name="secrets">A folder of secrets that it names, which is not on this machine.</param>
    public static PipelineSettings Manifest(string text, string secrets = "/run/secrets/polysync")
    {
        var folder = Directory.CreateTempSubdirectory("polysync-manifest");
        try
        {
            foreach (var name in System.Text.RegularExpressions.Regex.Matches(text, @"\$\{file:" + secrets + @"/([^}]+)\}").Select(m => m.Groups[1].Value))
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), "a-secret");
            }
            var file = Path.Combine(folder.FullName, "manifest.yaml");
            File.WriteAllText(file, text.Replace(secrets, folder.FullName, StringComparison.Ordinal));
            return new ManifestReader(name => name == "HOSTNAME" ? "polysync-0" : null, SourceConnection.Parse).ReadFile(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whether a variable of ours is one that the command line's page knows.</summary>
    public static void ShouldKnow(IEnumerable<string> variables)
    {
        var page = Repository.Read("docs", "cli.md");
        foreach (var variable in variables.Where(v => v.StartsWith("POLYSYNC_", StringComparison.Ordinal)))
        {
            var said = page.Contains($"`{variable}`", StringComparison.Ordinal)
                || (variable.EndsWith("_FILE", StringComparison.Ordinal) && page.Contains($"`{variable[..^"_FILE".Length]}`", StringComparison.Ordinal));
            said.ShouldBeTrue($"docs/cli.md does not know {variable}");
        }
    }
}
