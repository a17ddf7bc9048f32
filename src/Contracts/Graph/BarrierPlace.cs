using System.Globalization;

namespace PolyglotSync.Contracts;

/// <summary>
/// A change that concerns every row of a table at once (a truncate, a change of columns), where the partitions of the table's topic have several owners: all of them come up to it, one carries it out, and all go on.
/// </summary>
/// <param name="Epoch">Whose change it is; 1 and up.</param>
/// <param name="Change">Its number in the epoch.</param>
public readonly record struct BarrierPlace(long Epoch, long Change) : IComparable<BarrierPlace>
{
    public int CompareTo(BarrierPlace other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Change.CompareTo(other.Change);

    public static bool operator <(BarrierPlace left, BarrierPlace right) => left.CompareTo(right) < 0;
    public static bool operator >(BarrierPlace left, BarrierPlace right) => left.CompareTo(right) > 0;
    public static bool operator <=(BarrierPlace left, BarrierPlace right) => left.CompareTo(right) <= 0;
    public static bool operator >=(BarrierPlace left, BarrierPlace right) => left.CompareTo(right) >= 0;
}

/// <summary>Where a partition is on its way from one barrier to the next. <c>default</c>: it has come to none.</summary>
/// <param name="Barrier">The last that it has come to: everything in front of it is in the graph.</param>
/// <param name="IsPassed">True once the barrier's change is carried out.</param>
public readonly record struct BarrierMark(BarrierPlace Barrier, bool IsPassed)
{
    private const string Passed = " passed";

    public bool HasReached(BarrierPlace barrier) => Barrier >= barrier;

    public bool HasPassed(BarrierPlace barrier) => Barrier > barrier || (Barrier == barrier && IsPassed);

    /// <summary><c>EPOCH:CHANGE</c>, with <c> passed</c> behind it where it is.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Barrier.Epoch}:{Barrier.Change}{(IsPassed ? Passed : "")}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">Null or empty: none.</param>
    /// <exception cref="FormatException">The text is no mark.</exception>
    public static BarrierMark Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return default;
        var isPassed = text.EndsWith(Passed, StringComparison.Ordinal);
        var parts = (isPassed ? text[..^Passed.Length] : text).Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var change)
            ? new BarrierMark(new BarrierPlace(epoch, change), isPassed) : throw new FormatException($"'{text}' is no mark of a barrier");
    }
}
