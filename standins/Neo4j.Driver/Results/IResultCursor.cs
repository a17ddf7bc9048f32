namespace Neo4j.Driver;

/// <summary>Reads a result record by record, as the server produces them.</summary>
public interface IResultCursor : IAsyncEnumerable<IRecord>
{
    /// <summary>The record that the last <see cref="FetchAsync"/> reached.</summary>
    /// <exception cref="InvalidOperationException">Nothing was fetched yet.</exception>
    IRecord Current { get; }

    bool IsOpen { get; }

    Task<string[]> KeysAsync();

    /// <summary>Drops what is left of the records; the result cannot be read afterwards.</summary>
    Task<IResultSummary> ConsumeAsync();

    /// <summary>The next record without moving to it; null at the end.</summary>
    Task<IRecord> PeekAsync();

    /// <summary>Moves to the next record; false at the end.</summary>
    Task<bool> FetchAsync();
}
