namespace PolyglotSync.SyncNode.Load.Worlds;

/// <summary>A set of tables and what is done to them.</summary>
/// <param name="Version">Of the tables; another one is another world.</param>
/// <param name="Tables">DDL, names without a schema.</param>
/// <param name="Fill">SQL that fills empty tables with about so many rows.</param>
/// <param name="HighestId">SQL for the highest number that a key of the world has, 0 without any.</param>
/// <param name="HighestNumber">SQL for the highest number that a row has within its parent, 0 without any.</param>
/// <param name="Actions">At least one of each kind. The first one is an insert that needs no other row: it is what is done where another action finds no row.</param>
internal sealed record LoadWorld(
    string Name, int Version, IReadOnlyList<string> TableNames, string Tables, Func<int, string> Fill, string HighestId, string HighestNumber,
    IReadOnlyList<KeySet> Keys, IReadOnlyList<LoadAction> Actions)
{
    public static readonly IReadOnlyList<LoadWorld> All = [SocialLoad.World, OrdersLoad.World, KeyValueLoad.World];

    /// <summary>One row a connection, whose number grows with each transaction while a graph is watched.</summary>
    public string ProbeTable => $"{Name}_probes";

    /// <summary>As the product infers it from the table's name.</summary>
    public string ProbeLabel => $"{char.ToUpperInvariant(Name[0])}{Name[1..]}Probe";

    public string ProbeTables => $"CREATE TABLE {ProbeTable} (connection bigint PRIMARY KEY, run text NOT NULL, number bigint NOT NULL);";

    /// <summary>What marks a schema as one that this program made.</summary>
    public string Mark => $"polysync load: world {Name}, version {Version}";
}
