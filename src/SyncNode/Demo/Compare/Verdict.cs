using PolyglotSync.Cli.Terminal;

namespace PolyglotSync.SyncNode.Demo.Compare;

internal enum PartKind : byte { Node, ForeignKey, JoinTable }

/// <summary>A table's rows beside their nodes, or its keys beside their relationships.</summary>
/// <param name="Rows">Rows, or keys that are not null.</param>
/// <param name="Found">How many the graph holds.</param>
/// <param name="Agrees">Every value of every one is equal.</param>
internal sealed record ComparedPart(string Table, string Pattern, PartKind Kind, long Rows, long Found, bool Agrees);

/// <summary>What a comparison found.</summary>
/// <param name="Differences">Up to <see cref="GraphComparer.MaxShown"/>, as sentences; empty where graph and tables agree.</param>
internal sealed record Verdict(IReadOnlyList<ComparedPart> Parts, IReadOnlyList<string> Differences)
{
    public bool Agrees => Differences.Count == 0;

    public long Rows => Parts.Where(p => p.Kind != PartKind.ForeignKey).Sum(p => p.Rows);

    public long Nodes => Parts.Where(p => p.Kind == PartKind.Node).Sum(p => p.Rows);

    public long Relationships => Parts.Where(p => p.Kind != PartKind.Node).Sum(p => p.Rows);

    public string InNumbers =>
        $"{Amounts.Count(Rows)} rows are {Amounts.Count(Nodes)} nodes and {Amounts.Count(Relationships)} relationships, every property compared";
}
