using PolyglotSync.Kafka.Tests.Envelope;

namespace PolyglotSync.Kafka.Tests.Consuming;

/// <summary>What happens in a source, made up from a seed: transactions over two tables, one of which changes its columns on the way.</summary>
internal sealed class Story
{
    private static readonly PgType Number = new("bigint", PgKind.Int8);
    private static readonly PgType Words = new("text", PgKind.Text);

    private readonly Random _random;
    private readonly Dictionary<TableName, Relation> _relations = [];
    private readonly HashSet<TableName> _seen = [];

    public Story(int seed)
    {
        _random = new Random(seed);
        foreach (var name in (string[])["users", "posts"])
        {
            var table = new TableName("public", name);
            _relations[table] = new Relation(table, [new RelationColumn("id", Number), new RelationColumn("words", Words)], ["id"]);
        }
        Relations = _relations.ToDictionary();
        for (var i = 0; i < 30; i++) Transactions.Add(Transaction(new Lsn((ulong)(1000 + i * 100))));
    }

    /// <summary>At the beginning.</summary>
    public IReadOnlyDictionary<TableName, Relation> Relations { get; }

    public List<List<Happening>> Transactions { get; } = [];

    public GraphMapping Mapping => new([.. _relations.Keys.Select(t => new NodeMapping(t, ["id"], t.Name, [], []))]);

    private List<Happening> Transaction(Lsn commit)
    {
        var count = _random.Next(8) == 0 ? _random.Next(30, 60) : _random.Next(1, 6);
        var transaction = new List<Happening>();
        for (var i = 0; i < count; i++) transaction.Add(Happening(new Position(commit, i)));
        return transaction;
    }

    private Happening Happening(Position at)
    {
        var relation = _relations.Values.ElementAt(_random.Next(2));
        var key = Text(_random.Next(40));
        // columns that no row had are none that changed
        switch (_seen.Add(relation.Table) ? 0 : _random.Next(14))
        {
            case < 4: return new(ChangeKind.Insert, relation, at, New: Row(relation, key));
            case 4: return new(ChangeKind.Copy, relation, at, New: Row(relation, key), Unknown: _random.Next(2) == 0);
            case < 8: return new(ChangeKind.Update, relation, at, New: Row(relation, key, canMiss: true));
            case 8: return new(ChangeKind.Update, relation, at, New: Row(relation, key), Old: Row(relation, key), OldImage: OldImage.Full);
            case 9: return new(ChangeKind.Update, relation, at, New: Row(relation, key, canMiss: true), Old: Key(relation, "9" + key), OldImage: OldImage.Key);
            case < 12: return new(ChangeKind.Delete, relation, at, Old: Key(relation, key), OldImage: OldImage.Key);
            case 12: return new(ChangeKind.Truncate, relation, at);
            default:
                var after = new Relation(relation.Table, [.. relation.Columns, new RelationColumn($"c{relation.Columns.Length}", Words)], ["id"]);
                _relations[relation.Table] = after;
                return new(ChangeKind.Schema, after, at, Change: new SchemaChange(relation, after, [], [], [after.Columns[^1].Name]));
        }
    }

    private string?[] Row(Relation relation, string key, bool canMiss = false) =>
        [key, .. relation.Columns.Skip(1).Select(_ => _random.Next(5) == 0 ? null : canMiss && _random.Next(5) == 0 ? Images.NotSent : $"w{_random.Next(1000)} \"é,\\")];

    private static string?[] Key(Relation relation, string key) => [key, .. relation.Columns.Skip(1).Select(_ => Images.NotSent)];

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One change.</summary>
internal sealed record Happening(
    ChangeKind Kind, Relation Relation, Position At, string?[]? New = null, string?[]? Old = null, OldImage OldImage = OldImage.None, bool Unknown = false, SchemaChange? Change = null)
{
    /// <summary>As it should come back.</summary>
    public string Line => Kind == ChangeKind.Schema ? $"{At} {Relation.Table} columns +{string.Join(",", Change!.Added)}"
        : $"{At} {Relation.Table} {Kind} {OldImage} {Unknown} [{string.Join("|", New ?? [])}] [{string.Join("|", Old ?? [])}]".Replace("[] ", "[]", StringComparison.Ordinal);

    public static string LineOf(ChangeBatch batch, ChangeEntry entry) => entry.Kind == ChangeKind.Schema
        ? $"{entry.Position} {entry.Relation.Table} columns +{string.Join(",", batch.SchemaChanges[entry.Old].Added)}"
        : $"{entry.Position} {entry.Relation.Table} {entry.Kind} {entry.OldImage} {entry.ExistenceUnknown} [{string.Join("|", Images.New(batch, entry) ?? [])}] [{string.Join("|", Images.Old(batch, entry) ?? [])}]"
            .Replace("[] ", "[]", StringComparison.Ordinal);
}
