using System.CommandLine;
using System.Runtime.CompilerServices;

namespace PolyglotSync.Cli.Docs;

/// <summary>Which page belongs to which command.</summary>
public static class CommandPages
{
    private static readonly ConditionalWeakTable<Command, CommandPage> Pages = [];

    /// <summary>Says what the reference has of the command.</summary>
    public static void Document(this Command command, CommandPage page) => Pages.AddOrUpdate(command, page);

    /// <returns>Null where the command has none: one that only holds others, or that nobody calls by hand.</returns>
    public static CommandPage? Page(this Command command) => Pages.TryGetValue(command, out var page) ? page : null;
}
