using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Changes;

/// <summary>What a changed manifest needs. Pure: settings and mappings in, the decision out.</summary>
internal static class ManifestDecision
{
    /// <summary>Shown in the place of a secret.</summary>
    private const string Secret = "(a secret)";
    private const string OtherSecret = "(another secret)";

    private static readonly (string Key, string Why)[] Fixed =
    [
        ("source.slot", "what was committed before another slot begins would be missing"),
        ("source.publication", "the log between knows nothing of another publication"),
        ("kafka.prefix", "other topics say nothing of where to go on"),
        ("kafka.share", "rows in order key by key say nothing of whole cuts, nor the other way round"),
        ("kafka.group_id", "another group begins where the topics do"),
    ];

    public static ManifestChange Added(PipelineSettings settings, string? file, IReadOnlyList<string> notes) =>
        new(settings.Name, file, ManifestAction.Added, ManifestNeed.Start, [], [], notes);

    public static ManifestChange Removed(string pipeline) => new(pipeline, null, ManifestAction.Removed, ManifestNeed.Stop, [], [], ["its slot stays and holds the log back until it is dropped"]);

    /// <param name="was">What the old settings make of the source as it is now; null: they make nothing of it.</param>
    /// <param name="becomes">What the new ones make of it; null where the keys that the mapping comes of are the same, so that nobody had to ask.</param>
    public static ManifestChange Between(PipelineSettings old, PipelineSettings next, GraphMapping? was, GraphMapping? becomes, string? file)
    {
        var keys = Keys(old, next);
        var change = new ManifestChange(next.Name, file, ManifestAction.Changed, ManifestNeed.Restart, keys, [], []);
        if (keys.Count == 0) return change with { Action = ManifestAction.Unchanged, Need = ManifestNeed.Nothing };

        var reasons = new List<string>();
        if (old.Kafka is null != next.Kafka is null) reasons.Add($"the pipeline went {(old.Kafka is null ? "directly, not through topics" : "through topics, not directly")}: the graph's position says nothing of the other way");
        else if (old.Kafka?.Capture == CaptureMode.Debezium != (next.Kafka?.Capture == CaptureMode.Debezium)) reasons.Add("the graph's position in topics of ours says nothing of where to go on in Debezium's, nor the other way round");
        else reasons.AddRange(Fixed.Where(f => keys.Any(k => k.Key == f.Key)).Select(f => $"{f.Key}: {f.Why}"));
        if (was is not null && becomes is not null) reasons.AddRange(Made(was, becomes));
        if (reasons.Count > 0)
        {
            return change with
            {
                Need = ManifestNeed.CopyAnew,
                Refusal = $"what pipeline '{next.Name}' has written does not change by this, only a copy anew would do: {string.Join("; ", reasons)}. "
                    + "Give the pipeline a new name and a graph without its data; or, where its graph is empty still, delete it and apply it again",
            };
        }

        var (added, left) = Scope(was, becomes);
        var notes = new List<string>();
        if (left.Count > 0) notes.Add($"{string.Join(", ", left)} {(left.Count == 1 ? "is" : "are")} not followed any more: what the graph has of {(left.Count == 1 ? "it" : "them")} stays as it is; delete it by its label before it is taken again");
        if (keys.Any(k => k.Key is "source.dsn")) notes.Add("it goes on from its position, so the address must lead to the same database: another one is refused when it starts");
        if (keys.Any(k => k.Key is "target.uri" or "target.database")) notes.Add("it goes on from the position that the graph there holds; one that holds none is filled by a copy of every table");
        return change with { Need = added.Count > 0 ? ManifestNeed.CopyTables : ManifestNeed.Restart, Tables = added, Notes = notes };
    }

    /// <summary>Whether the source has to be asked before it can be said what a change needs.</summary>
    public static bool TouchesMapping(PipelineSettings old, PipelineSettings next) =>
        Keys(old, next).Any(k => k.Key is "source.schemas" or "source.dsn" or "include_tables" or "exclude_tables" || k.Key.StartsWith("tables.", StringComparison.Ordinal));

    public static IReadOnlyList<ManifestKeyChange> Keys(PipelineSettings old, PipelineSettings next)
    {
        var (before, after) = (Index(old), Index(next));
        var changes = new List<ManifestKeyChange>();
        foreach (var key in before.Keys.Concat(after.Keys.Where(k => !before.ContainsKey(k))))
        {
            var (was, becomes) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
            if (was.Value == becomes.Value && was.Secret == becomes.Secret) continue;
            var isSecret = (was.Secret ?? becomes.Secret) is not null;
            changes.Add(isSecret
                ? new ManifestKeyChange(key, IsEmpty(was.Secret) ? null : Secret, IsEmpty(becomes.Secret) ? null : IsEmpty(was.Secret) ? Secret : OtherSecret)
                : new ManifestKeyChange(key, was.Value, becomes.Value));
        }
        return changes;

        static bool IsEmpty(string? secret) => string.IsNullOrWhiteSpace(secret);
    }

    private static Dictionary<string, SettingLine> Index(PipelineSettings settings) => SettingsLines.Of(settings).DistinctBy(l => l.Key).ToDictionary(l => l.Key);

    private static (IReadOnlyList<string> Added, IReadOnlyList<string> Left) Scope(GraphMapping? was, GraphMapping? becomes)
    {
        if (was is null || becomes is null) return ([], []);
        return ([.. becomes.Tables.Where(t => was.Find(t.Table) is null).Select(t => t.Table.ToString())], [.. was.Tables.Where(t => becomes.Find(t.Table) is null).Select(t => t.Table.ToString())]);
    }

    /// <summary>What the graph already has and would have to be otherwise, table by table.</summary>
    private static IEnumerable<string> Made(GraphMapping was, GraphMapping becomes)
    {
        foreach (var old in was.Tables)
        {
            if (becomes.Find(old.Table) is not { } next) continue;
            switch (old, next)
            {
                case (NodeMapping, JoinMapping): yield return $"{old.Table} is nodes, and would be relationships"; break;
                case (JoinMapping, NodeMapping): yield return $"{old.Table} is relationships, and would be nodes"; break;
                case (NodeMapping a, NodeMapping b) when a.Label != b.Label: yield return $"{old.Table} has label {a.Label}, not {b.Label}"; break;
                case (JoinMapping a, JoinMapping b) when a.Type != b.Type: yield return $"{old.Table} has type {a.Type}, not {b.Type}"; break;
                default: break;
            }
            if (!old.Key.SequenceEqual(next.Key)) yield return $"{old.Table} has key ({string.Join(", ", old.Key)}), not ({string.Join(", ", next.Key)})";
            foreach (var reason in Properties(old, next)) yield return reason;
            if (old is NodeMapping node && next is NodeMapping other)
                foreach (var reason in Relationships(node, other, becomes)) yield return reason;
        }
    }

    private static IEnumerable<string> Properties(TableMapping old, TableMapping next)
    {
        var (before, after) = (old.Properties.ToDictionary(p => p.Column), next.Properties.ToDictionary(p => p.Column));
        foreach (var property in old.Properties)
        {
            if (!after.TryGetValue(property.Column, out var now)) yield return $"{old.Table} has property {property.Property}, and would have none of column '{property.Column}'";
            else if (now.Property != property.Property) yield return $"{old.Table} has property {property.Property} of column '{property.Column}', not {now.Property}";
            else if (now.As != property.As) yield return $"{old.Table} has property {property.Property} in another encoding";
        }
        foreach (var property in next.Properties.Where(p => !before.ContainsKey(p.Column))) yield return $"{old.Table} has no property of column '{property.Column}', and would have {property.Property}";
    }

    /// <summary>Those to a table that is not taken any more stay with its nodes. Those to one that is new would be missing: the rows that refer to it are not read again.</summary>
    private static IEnumerable<string> Relationships(NodeMapping old, NodeMapping next, GraphMapping becomes)
    {
        var after = next.Relationships.ToDictionary(r => r.ForeignKey.Name);
        foreach (var relationship in old.Relationships)
        {
            if (!after.TryGetValue(relationship.ForeignKey.Name, out var now))
            {
                if (becomes.Find(relationship.ForeignKey.ReferencedTable) is not null) yield return $"{old.Table} has relationship {relationship.Type}, and would have none by {relationship.ForeignKey.Name}";
            }
            else if (now.Type != relationship.Type) yield return $"{old.Table} has relationship {relationship.Type}, not {now.Type}";
        }
        var before = old.Relationships.Select(r => r.ForeignKey.Name).ToHashSet();
        foreach (var relationship in next.Relationships.Where(r => !before.Contains(r.ForeignKey.Name))) yield return $"{old.Table} has no relationship by {relationship.ForeignKey.Name}, and would have {relationship.Type}";
    }
}
