using System.Globalization;
using Npgsql;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Manifests.Changes;

/// <summary>One of the pipelines that a node is to run together.</summary>
/// <param name="Where">Where it comes from, for messages: a file's name, or what took its place.</param>
/// <param name="Manifest">null: it was said on the command line.</param>
/// <param name="Mapping">What it makes of its source; null where that is not known: then only what its settings say counts.</param>
internal sealed record PipelineInSet(string Where, PipelineSettings Settings, Manifest? Manifest, GraphMapping? Mapping = null)
{
    public string At(params ReadOnlySpan<string> path) => Manifest is null ? Where
        : Manifest.PlaceOf(path) is var place ? string.Create(CultureInfo.InvariantCulture, $"{Where}:{place.Line}:{place.Column}") : Where;
}

/// <summary>What pipelines of one node must not have in common: name, slot, publication, labels in the same graph. Pure.</summary>
internal static class ManifestClashes
{
    /// <returns>A line a mistake, <c>file:line:column: message; hint</c>. Each names the later one of two.</returns>
    public static IReadOnlyList<string> Find(IReadOnlyList<PipelineInSet> set)
    {
        var mistakes = new List<string>();
        Compare(set, p => p.Settings.Name, (a, b) => $"{b.At("pipeline")}: pipeline '{b.Settings.Name}' is {a.At("pipeline")}, too; a node runs each name once");
        var own = set.Where(p => p.Settings.Kafka?.Capture != CaptureMode.Debezium).DistinctBy(p => p.Settings.Name).ToList();
        Compare(own, p => $"{ServerOf(p.Settings)}/{SourceNames.Of(p.Settings).Slot}",
            (a, b) => $"{b.At("source", "slot")}: slot '{SourceNames.Of(b.Settings).Slot}' is that of pipeline '{a.Settings.Name}' ({a.At("source", "slot")}), too; a slot serves one pipeline: set source.slot to another name");
        Compare(own, p => $"{DatabaseOf(p.Settings)}/{SourceNames.Of(p.Settings).Publication}",
            (a, b) => $"{b.At("source", "publication")}: publication '{SourceNames.Of(b.Settings).Publication}' is that of pipeline '{a.Settings.Name}' ({a.At("source", "publication")}), too; set source.publication to another name");
        mistakes.AddRange(Labels([.. set.DistinctBy(p => p.Settings.Name)]));
        return mistakes;

        void Compare(IReadOnlyList<PipelineInSet> pipelines, Func<PipelineInSet, string> key, Func<PipelineInSet, PipelineInSet, string> message)
        {
            foreach (var same in pipelines.GroupBy(key).Where(g => g.Count() > 1))
                mistakes.AddRange(same.Skip(1).Select(other => message(same.First(), other)));
        }
    }

    private static IEnumerable<string> Labels(IReadOnlyList<PipelineInSet> set)
    {
        foreach (var graph in set.GroupBy(p => GraphOf(p.Settings.Target)).Where(g => g.Count() > 1))
        {
            var seen = new Dictionary<string, (PipelineInSet Pipeline, string At)>();
            foreach (var pipeline in graph)
            {
                foreach (var (label, table) in LabelsOf(pipeline))
                {
                    var at = pipeline.At("tables", Said(pipeline, table), "label");
                    if (seen.TryAdd(label, (pipeline, at)) || seen[label].Pipeline == pipeline) continue;
                    var first = seen[label];
                    yield return $"{at}: label '{label}' (table {table}) is that of pipeline '{first.Pipeline.Settings.Name}' ({first.At}) in the same graph; give one of the two another label, or a graph of its own";
                }
            }
        }
    }

    private static IEnumerable<(string Label, TableName Table)> LabelsOf(PipelineInSet pipeline) => pipeline.Mapping is { } mapping
        ? mapping.Tables.OfType<NodeMapping>().Select(n => (n.Label, n.Table))
        : pipeline.Settings.Mapping.Tables.Where(t => t.Label is not null).Select(t => (t.Label!, t.Table));

    /// <summary>A table's key as it stands in the manifest.</summary>
    private static string Said(PipelineInSet pipeline, TableName table) =>
        pipeline.Manifest?.Root.Entries.FirstOrDefault(e => e.Key.Value == "tables").Value is YamlMap tables && tables.Entries.Any(e => e.Key.Value == table.Name) && table.Schema == "public"
            ? table.Name : table.ToString();

    private static string ServerOf(PipelineSettings settings) =>
        new NpgsqlConnectionStringBuilder(settings.Source.ConnectionString) is var b ? string.Create(CultureInfo.InvariantCulture, $"{HostOf(b.Host ?? "")}:{b.Port}") : "";

    private static string DatabaseOf(PipelineSettings settings) => $"{ServerOf(settings)}/{new NpgsqlConnectionStringBuilder(settings.Source.ConnectionString).Database}";

    private static string GraphOf(TargetSettings target)
    {
        var isBolt = target.Uri.Scheme.StartsWith("bolt", StringComparison.Ordinal) || target.Uri.Scheme.StartsWith("neo4j", StringComparison.Ordinal);
        var port = target.Uri.Port > 0 ? target.Uri.Port : isBolt ? 7687 : 6379;
        return string.Create(CultureInfo.InvariantCulture, $"{HostOf(target.Uri.Host)}:{port}/{(isBolt ? target.Database ?? "neo4j" : target.Uri.AbsolutePath.Trim('/'))}");
    }

    private static string HostOf(string host) => host.ToLowerInvariant() is "localhost" or "127.0.0.1" or "::1" or "[::1]" ? "localhost" : host.ToLowerInvariant();
}
