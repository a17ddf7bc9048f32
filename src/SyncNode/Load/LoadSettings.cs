using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Worlds;

namespace PolyglotSync.SyncNode.Load;

/// <summary>What a load is asked to do.</summary>
/// <param name="Source">An Npgsql connection string.</param>
/// <param name="Schema">In which the world's tables are, and nothing else.</param>
/// <param name="Skew">Zipf's exponent for what is hot; 0: all alike.</param>
/// <param name="Rows">At the most, by all connections together; null: no such limit.</param>
/// <param name="Duration">At the most; null: no such limit. One of the two is there.</param>
/// <param name="Rate">Rows a second of all connections together; null: as fast as it goes.</param>
/// <param name="Fill">Rows that new tables get.</param>
/// <param name="Reset">Empty the tables first and fill them anew.</param>
/// <param name="Watch">A graph that shows the changes; null: none is watched.</param>
/// <param name="WatchPatience">A commit that the graph does not show by then is missing.</param>
internal sealed record LoadSettings(
    string Source, LoadWorld World, string Schema, LoadMix Mix, RowRange TransactionRows, double Skew, int Seed, int Connections, long? Rows, TimeSpan? Duration, double? Rate, int Fill,
    bool Reset, TargetSettings? Watch, TimeSpan WatchPatience, bool Json);
