using System.Buffers;

namespace PolyglotSync.Kafka.Topics;

/// <summary>
/// The names of a pipeline's topics: <c>PREFIX.schema.table</c>, as Debezium names them, and what Kafka's alphabet lacks becomes '_' as it does there.
/// </summary>
public sealed class TopicNames(KafkaSettings settings)
{
    /// <summary>Kafka's own limit.</summary>
    public const int MaxLength = 249;

    private static readonly SearchValues<char> Legal = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Where the cuts go: one partition, compacted.</summary>
    public string Cuts => $"{settings.Prefix}.__cuts";

    /// <summary>Where dead letters go, if they go to Kafka.</summary>
    public string Dead => $"{settings.Prefix}.__dead";

    /// <summary>The name for one table; whether it is another's too, only <see cref="Of(IReadOnlyCollection{TableName})"/> tells.</summary>
    public string Of(TableName table) => $"{settings.Prefix}.{Cleaned(table.Schema)}.{Cleaned(table.Name)}";

    /// <exception cref="PipelineFailure">
    /// Two tables would share a topic, or their names differ in '.' and '_' alone, which Kafka refuses; or a name is too long. All of them in one message.
    /// </exception>
    public IReadOnlyDictionary<TableName, string> Of(IReadOnlyCollection<TableName> tables)
    {
        var names = tables.Distinct().ToDictionary(t => t, Of);
        var problems = names.Where(n => n.Value.Length > MaxLength)
            .Select(n => $"the topic of {n.Key} would have a name of {n.Value.Length} characters, Kafka takes {MaxLength}; shorten kafka.prefix")
            .Concat(Collisions(names));
        var all = problems.Order(StringComparer.Ordinal).ToList();
        return all.Count == 0 ? names : throw new PipelineFailure(FailureClass.Fatal, string.Join('\n', all)) { ExitCode = ExitCode.BrokerUnfit };
    }

    public static bool IsLegal(string name) => name.Length is > 0 and <= MaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(Legal);

    private IEnumerable<string> Collisions(Dictionary<TableName, string> names)
    {
        // Kafka's metrics write '.' as '_', so it refuses a topic that would look like another there
        var owners = names.Select(n => (Owner: $"table {n.Key}", Topic: n.Value)).Append((Owner: "the cuts", Topic: Cuts)).Append((Owner: "the dead letters", Topic: Dead));
        foreach (var same in owners.GroupBy(o => o.Topic.Replace('.', '_')).Where(g => g.Count() > 1))
        {
            var sharers = same.OrderBy(o => o.Owner, StringComparer.Ordinal).ToList();
            yield return $"{string.Join(" and ", sharers.Select(o => o.Owner))} would share the topic {sharers[0].Topic} (Kafka takes letters, digits, '.', '_' and '-', and "
                + "holds '.' and '_' for the same); exclude all but one, or put one into a pipeline with another kafka.prefix";
        }
    }

    private static string Cleaned(string part) => !part.AsSpan().ContainsAnyExcept(Legal) ? part
        : string.Create(part.Length, part, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = Legal.Contains(source[i]) ? source[i] : '_';
        });
}
