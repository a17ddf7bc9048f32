namespace PolyglotSync.SyncNode.Pbm;

/// <summary>A command of the palette <c>polysync</c>, as pbm's help shows it.</summary>
internal sealed record PaletteCommand(string Name, string Description, params IReadOnlyList<PaletteArgument> Arguments);

/// <param name="Switches">As typed, <c>-p</c> or <c>--pipeline</c>.</param>
internal sealed record PaletteArgument(string Name, string Description, bool IsRequired, params IReadOnlyList<string> Switches);

/// <param name="Lines">What pbm prints.</param>
internal sealed record PaletteAnswer(IReadOnlyList<string> Lines, bool IsError = false)
{
    public static PaletteAnswer Error(string message) => new([message], IsError: true);
}
