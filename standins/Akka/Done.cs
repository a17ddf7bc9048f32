namespace Akka;

/// <summary>Something is finished, and there is nothing to tell.</summary>
public sealed class Done
{
    /// <summary>The only value.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}

/// <summary>A value that nobody uses.</summary>
public sealed class NotUsed : IComparable<NotUsed>, IEquatable<NotUsed>
{
    /// <summary>The only value.</summary>
    public static readonly NotUsed Instance = new();

    private NotUsed()
    {
    }

    /// <inheritdoc />
    public int CompareTo(NotUsed other) => 0;

    /// <inheritdoc />
    public bool Equals(NotUsed other) => true;

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is NotUsed;

    /// <inheritdoc />
    public override int GetHashCode() => 0;

    /// <inheritdoc />
    public override string ToString() => "NotUsed";
}
