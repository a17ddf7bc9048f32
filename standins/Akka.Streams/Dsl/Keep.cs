namespace Akka.Streams.Dsl;

/// <summary>Which of two materialized values to keep.</summary>
public static class Keep
{
    public static ValueTuple<TLeft, TRight> Both<TLeft, TRight>(TLeft left, TRight right) => (left, right);

    public static TLeft Left<TLeft, TRight>(TLeft left, TRight right) => left;

    public static NotUsed None<TLeft, TRight>(TLeft left, TRight right) => NotUsed.Instance;

    public static TRight Right<TLeft, TRight>(TLeft left, TRight right) => right;
}
