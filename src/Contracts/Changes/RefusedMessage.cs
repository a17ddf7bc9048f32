namespace PolyglotSync.Contracts;

/// <summary>A message of a broker that is no change that can be read. It travels with the batch in whose place it stood, and is kept with the dead letters before that batch counts as applied.</summary>
/// <param name="Key">The message's key as text, shortened where it is long; empty where it is null.</param>
/// <param name="Value">The message's value likewise.</param>
/// <param name="Bytes">Of the whole value.</param>
/// <param name="Position">Where it stood in the source, as far as is known.</param>
/// <param name="Reason">What is wrong with it, and what to do.</param>
public sealed record RefusedMessage(
    TableName Table, string Key, string Value, int Bytes, string Topic, int Partition, long Offset, Position Position, string Reason);
