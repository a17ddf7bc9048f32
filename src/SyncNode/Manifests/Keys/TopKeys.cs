using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>The manifest's own keys.</summary>
internal static class TopKeys
{
    public static readonly TextKey Pipeline = new("pipeline", "the name: 1 to 40 letters, digits, `-` and `_`, a letter or digit first. Slot, publication and the state in the graph bear it")
    {
        RequiredHint = "name it: pipeline: social", Pattern = PipelineName.Expression,
    };

    public static readonly SectionKey Source = new("source", "where the changes come from", SourceKeys.All) { RequiredHint = "say where the changes come from: source: { dsn: postgres://… }" };

    public static readonly SectionKey Target = new("target", "where the graph is; `polysync capture` does without", TargetKeys.All) { RequiredHint = "say where the graph is: target: { uri: bolt://… }" };

    public static readonly SectionKey Kafka = new("kafka", "the broker between the two ([kafka.md](kafka.md)); without it changes go directly", KafkaKeys.All) { Otherwise = "none" };

    public static readonly ChoiceKey<Consistency> Consistency = new("consistency",
        "`transactional`: whole source transactions, each in one transaction of the graph ([guarantees](guarantees.md)). `parallel`: several writers at once, faster on many cores (Neo4j)",
        Contracts.Consistency.Transactional, ("transactional", Contracts.Consistency.Transactional), ("parallel", Contracts.Consistency.Parallel));

    public static readonly ChoiceKey<PoisonPolicy> OnPoison = new("on_poison",
        "what to do with a row that the graph refuses: `dead_letter` keeps it in the source database (`polysync.dead_letters`) and applies the rest; `halt` stops",
        PoisonPolicy.DeadLetter, ("dead_letter", PoisonPolicy.DeadLetter), ("halt", PoisonPolicy.Halt));

    public static readonly SectionKey Limits = new("limits", "bounds of memory and batches", LimitKeys.All);

    public static readonly TextsKey IncludeTables = new("include_tables", "tables to take, with those under `tables`; empty: all of `source.schemas` that have a key") { Otherwise = "all" };

    public static readonly TextsKey ExcludeTables = new("exclude_tables", "tables to leave out") { Otherwise = "none" };

    public static readonly NamesKey Tables = new("tables", "what differs from inference, by table", NamedValue.Table);

    public static readonly IReadOnlyList<ManifestKey> All = [Pipeline, Source, Target, Kafka, Consistency, OnPoison, Limits, IncludeTables, ExcludeTables, Tables];
}
