namespace Akka.Util;

/// <summary>A value or none.</summary>
public readonly struct Option<T>
{
    /// <summary>No value.</summary>
    public static readonly Option<T> None = default;

    private Option(T value, bool hasValue)
    {
        Value = value;
        HasValue = hasValue;
    }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => !HasValue;

    /// <summary>The value, or the default of its type when there is none.</summary>
    public T Value { get; }

    /// <summary>The value, or <paramref name="fallbackValue"/> when there is none.</summary>
    public T GetOrElse(T fallbackValue) => HasValue ? Value : fallbackValue;

    /// <summary>Maps the value.</summary>
    public Option<TNew> Select<TNew>(Func<T, TNew> selector) => HasValue ? Option<TNew>.Create(selector(Value)) : Option<TNew>.None;

    /// <summary>Maps the value to another option.</summary>
    public Option<TNew> FlatSelect<TNew>(Func<T, Option<TNew>> mapper) => HasValue ? mapper(Value) : Option<TNew>.None;

    /// <summary>Runs the action with the value, if there is one.</summary>
    public void OnSuccess(Action<T> action)
    {
        if (HasValue)
            action(Value);
    }

    /// <summary>Whether both hold equal values or none.</summary>
    public bool Equals(Option<T> other) => HasValue == other.HasValue && EqualityComparer<T>.Default.Equals(Value, other.Value);

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is Option<T> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HasValue && Value is not null ? Value.GetHashCode() : 0;

    /// <inheritdoc />
    public override string ToString() => HasValue ? $"Some<{Value}>" : "None";

    /// <summary>An option of the value; null is none.</summary>
    public static Option<T> Create(T value) => value is null ? None : new Option<T>(value, true);

    /// <summary>An option of the value; null is none.</summary>
    public static implicit operator Option<T>(T value) => Create(value);

    /// <summary>Whether both hold equal values or none.</summary>
    public static bool operator ==(Option<T> left, Option<T> right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Option<T> left, Option<T> right) => !left.Equals(right);
}
