using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Docs;

/// <summary>A file of the docs that is made of the code.</summary>
internal static class DocsFile
{
    /// <param name="renew">The new text, of the old one; it may refuse that with <see cref="FormatException"/>.</param>
    /// <exception cref="PipelineFailure">It cannot be read, written, or is none; exit code <see cref="ExitCode.Usage"/>.</exception>
    public static async Task WriteAsync(string file, Func<string, string> renew, CancellationToken stop)
    {
        try
        {
            await File.WriteAllTextAsync(file, renew(File.Exists(file) ? await File.ReadAllTextAsync(file, stop) : ""), stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"{file}: {e.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }
}
