using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Docs;

/// <summary>What the reference (docs/cli.md) says of a command beside its description, arguments and options. Texts are Markdown, their links count from <c>docs/</c>.</summary>
public sealed record CommandPage
{
    /// <summary>What it prints, and where: data on stdout, messages on stderr.</summary>
    public required string Prints { get; init; }

    /// <summary>Exit codes beside those that every command may end with.</summary>
    public IReadOnlyList<CommandCode> Codes { get; init; } = [];

    public IReadOnlyList<CommandExample> Examples { get; init; } = [];

    /// <summary>What else is worth knowing: paragraphs, tables, transcripts; null: nothing.</summary>
    public string? More { get; init; }
}

/// <param name="Says">When; null: as the code's own text.</param>
public sealed record CommandCode(ExitCode Code, string? Says = null)
{
    /// <summary>No node answers: of every command that asks one.</summary>
    public static readonly CommandCode NoNode = new(ExitCode.NodeUnavailable);

    /// <summary>Of every command that asks a node for what needs its token.</summary>
    public static readonly CommandCode NoToken = new(ExitCode.Unauthorized);
}

/// <param name="Line">The words after <c>polysync</c>.</param>
/// <param name="Says">What for, in a few words.</param>
public sealed record CommandExample(string Line, string Says);
