using System.Globalization;
using System.Text.Json;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary>Dead letters as tables, a letter as one of names and values.</summary>
internal static class DlqTables
{
    private const int LongestReason = 100;

    /// <summary>Characters of a message that nobody could read.</summary>
    private const int LongestMessage = 2_000;

    public static IRenderable List(IReadOnlyList<DeadLetterView> letters)
    {
        if (letters.Count == 0) return new Text("no dead letters\n");
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in (string[])["id", "pipeline", "table", "key", "state", "count", "last seen (UTC)", "reason"])
            table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var letter in letters)
        {
            table.AddRow(new Text(Id(letter)), new Text(letter.Pipeline), new Text(letter.Table), new Text(Key(letter)), State(letter), new Text(Amounts.Count(letter.Count)),
                new Text(Time(letter.LastSeen)), new Text(Shortened(letter.Reason)));
        }
        return table;
    }

    public static IRenderable One(DeadLetterView letter)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn(new Text("dead letter")).NoWrap());
        table.AddColumn(new TableColumn(new Text(Id(letter), new Style(decoration: Decoration.Bold))));
        Add("pipeline", letter.Pipeline);
        Add("table", letter.Table);
        Add("key", Key(letter));
        table.AddRow(new Text("state"), State(letter));
        Add("reason", letter.Reason);
        Add("operation", letter.Operation);
        Add("count", Amounts.Count(letter.Count));
        Add("first seen", Time(letter.FirstSeen) + " UTC");
        Add("last seen", Time(letter.LastSeen) + " UTC");
        if (letter.ClosedAt is { } closed) Add("closed", Time(closed) + " UTC");
        Add("position", letter.Position);
        if (letter.Operation == DeadLetter.Message) Add("message", letter.Row is { } message ? Beginning(message.ValueKind == JsonValueKind.String ? message.GetString()! : message.GetRawText()) : "empty");
        else if (letter.Row is { ValueKind: JsonValueKind.Object } row)
            foreach (var column in row.EnumerateObject()) Add($"row {column.Name}", column.Value.ValueKind == JsonValueKind.Null ? "NULL" : column.Value.ToString());
        if (letter.Cypher is { } cypher) Add("Cypher", cypher);
        return table;

        void Add(string name, string value) => table.AddRow(new Text(name), new Text(value));
    }

    /// <summary><c>id=7, kind=a</c>.</summary>
    public static string Key(DeadLetterView letter) => letter.Key.ValueKind == JsonValueKind.Object
        ? string.Join(", ", letter.Key.EnumerateObject().Select(c => $"{c.Name}={c.Value}")) : letter.Key.ToString();

    private static string Id(DeadLetterView letter) => letter.Id.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Shortened(string reason)
    {
        var line = reason.ReplaceLineEndings(" ");
        return line.Length <= LongestReason ? line : line[..(LongestReason - 1)] + "…";
    }

    private static string Beginning(string message) => message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}… ('-o json' has more)";

    private static Text State(DeadLetterView letter)
    {
        var words = letter.State.ToString().ToLowerInvariant() + (letter.RetriedAt is null ? "" : ", being retried");
        return new Text(words, new Style(letter.State == DeadLetterState.Open ? Color.Yellow : Color.Grey));
    }
}
