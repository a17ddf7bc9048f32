using System.CommandLine;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>polysync dlq</c>: what the graph refused, and what becomes of it.</summary>
public static class DlqCommand
{
    public static Command Create() => new("dlq", "dead letters: rows that the graph refused")
    {
        DlqListCommand.Create(), DlqShowCommand.Create(), DlqRetryCommand.Create(), DlqDiscardCommand.Create(),
    };
}
