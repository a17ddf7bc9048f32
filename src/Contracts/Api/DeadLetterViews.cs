using System.Text.Json;

namespace PolyglotSync.Contracts;

/// <summary>A dead letter as the API shows it.</summary>
public sealed record DeadLetterView
{
    public required long Id { get; init; }
    public required string Pipeline { get; init; }
    /// <summary>schema.name.</summary>
    public required string Table { get; init; }
    public required DeadLetterState State { get; init; }
    /// <summary>The row's key: an object of texts.</summary>
    public required JsonElement Key { get; init; }
    public required string Operation { get; init; }
    public required string Reason { get; init; }
    /// <summary>How often the row was refused since the letter was opened.</summary>
    public required int Count { get; init; }
    public required DateTimeOffset FirstSeen { get; init; }
    public required DateTimeOffset LastSeen { get; init; }
    /// <summary>When it was resolved or discarded.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    /// <summary>When a retry was asked for that has no answer yet.</summary>
    public DateTimeOffset? RetriedAt { get; init; }
    /// <summary>Where the last refused change stands in the source.</summary>
    public required string Position { get; init; }
    /// <summary>The row as it was refused last: an object of texts. Only where one letter is asked for.</summary>
    public JsonElement? Row { get; init; }
    /// <summary>The statement that refused it. Only where one letter is asked for.</summary>
    public string? Cypher { get; init; }

    public static DeadLetterView Of(StoredDeadLetter stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var letter = stored.Letter;
        return new DeadLetterView
        {
            Id = stored.Id, Pipeline = letter.Pipeline, Table = letter.Table.ToString(), State = stored.State, Key = JsonOf(letter.Key), Operation = letter.Operation,
            Reason = letter.Reason, Count = stored.Count, FirstSeen = stored.FirstSeen, LastSeen = letter.At, ClosedAt = stored.ClosedAt, RetriedAt = stored.RetriedAt,
            Position = letter.Position.ToString(), Row = letter.Row is { } row ? JsonOf(row) : null, Cypher = letter.Cypher,
        };
    }

    /// <summary>What is no JSON is shown as a text.</summary>
    public static JsonElement JsonOf(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}

/// <summary><c>GET /api/pipelines/{p}/dead-letters</c>.</summary>
/// <param name="Next">What <c>before</c> is for the next page; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterView> Letters, long? Next);

/// <summary>The body of <c>POST …/dead-letters/retry</c> and <c>…/discard</c>: ids, or a table, or all; of these exactly one.</summary>
public sealed record DeadLetterSelection(IReadOnlyList<long>? Ids = null, string? Table = null, bool All = false);

/// <summary>The letters that a request changed.</summary>
public sealed record DeadLettersChanged(IReadOnlyList<long> Ids);
