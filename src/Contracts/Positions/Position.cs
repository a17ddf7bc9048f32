using System.Globalization;

namespace PolyglotSync.Contracts;

/// <summary>
/// Where a change stands in the source: the LSN of its transaction's commit record (its start, which pgoutput's Begin already names)
/// and the index of the change in the transaction, from 0. Positions order all changes of one source.
/// </summary>
public readonly record struct Position(Lsn CommitLsn, int Index) : IComparable<Position>
{
    /// <summary>Before every change.</summary>
    public static readonly Position Start = new(Lsn.Zero, -1);

    /// <summary>After the last change of the transaction that commits at <paramref name="commitLsn"/>.</summary>
    public static Position EndOf(Lsn commitLsn) => new(commitLsn, int.MaxValue);

    /// <summary>True where a transaction ends here, false in the middle of one.</summary>
    public bool IsWhole => Index is int.MaxValue or -1;

    public int CompareTo(Position other)
    {
        var byCommit = CommitLsn.CompareTo(other.CommitLsn);
        return byCommit != 0 ? byCommit : Index.CompareTo(other.Index);
    }

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;
    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;
    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    /// <summary><c>X/Y:index</c>, or <c>X/Y:end</c> at the end of a transaction.</summary>
    public override string ToString() =>
        Index == int.MaxValue ? $"{CommitLsn}:end" : string.Create(CultureInfo.InvariantCulture, $"{CommitLsn}:{Index}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is not a position.</exception>
    public static Position Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) throw new FormatException($"'{text}' is not a position");
        var index = text[(colon + 1)..];
        return new Position(Lsn.Parse(text.AsSpan(0, colon)),
            index == "end" ? int.MaxValue : int.Parse(index, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }
}
