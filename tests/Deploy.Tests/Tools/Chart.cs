using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PolyglotSync.Deploy.Tests.Files;
using Xunit;

namespace PolyglotSync.Deploy.Tests.Tools;

/// <summary>Renders the chart: with helm where it is, else with the renderer in scripts/helm-render, which is text/template and sprig as Helm is.</summary>
internal static class Chart
{
    public static readonly string Folder = Repository.Path("deploy", "helm", "polysync");

    /// <summary>The values that tests and people try the chart with.</summary>
    public static readonly IReadOnlyList<string> Examples = [.. Directory.GetFiles(Path.Combine(Folder, "ci"), "*-values.yaml").Select(f => Path.GetFileName(f)[..^"-values.yaml".Length]).Order()];

    private static readonly ConcurrentDictionary<string, (int Code, string Output, string Error)> Rendered = new();

    public static JsonObject Values(string example) => Yaml.File("deploy", "helm", "polysync", "ci", $"{example}-values.yaml");

    /// <summary>The objects of a release, as its namespace gets them.</summary>
    /// <param name="over">Values over those of the example, as YAML.</param>
    public static IReadOnlyList<JsonObject> Render(string example, string over = "")
    {
        var (code, output, error) = Try(example, over);
        return code == 0 ? Yaml.All(output) : throw new InvalidOperationException(error);
    }

    /// <summary>The same as text, or why it is refused.</summary>
    /// <param name="example">null: nothing but the chart's own values.</param>
    public static (int Code, string Output, string Error) Try(string? example, string over = "")
    {
        var helm = Tool.Find("helm");
        var renderer = Tool.Find("helm-render");
        Skip.If(helm is null && renderer is null, "neither helm nor helm-render is there (scripts/deploy-tools.sh builds the latter where Go and sprig are)");
        return Rendered.GetOrAdd($"{example}\n{over}", _ =>
        {
            var file = Path.GetTempFileName();
            File.WriteAllText(file, over);
            IEnumerable<string> values = [.. example is null ? Array.Empty<string>() : ["-f", Path.Combine(Folder, "ci", $"{example}-values.yaml")], "-f", file];
            var rendered = helm is not null ? Tool.Run(helm, ["template", "polysync", Folder, "--namespace", "default", .. values]) : Tool.Run(renderer!, [.. values, Folder]);
            File.Delete(file);
            return rendered;
        });
    }

    public static string Notes(string example)
    {
        var renderer = Tool.Require("helm-render", "scripts/deploy-tools.sh builds it where Go and sprig are");
        var (code, output, error) = Tool.Run(renderer, ["-notes", "-f", Path.Combine(Folder, "ci", $"{example}-values.yaml"), Folder]);
        return code == 0 ? output : throw new InvalidOperationException(error);
    }

    public static JsonObject Kind(this IEnumerable<JsonObject> objects, string kind) => objects.Single(o => o.Text("kind") == kind);

    public static string Name(this JsonObject o) => o.Text("metadata/name");
}
