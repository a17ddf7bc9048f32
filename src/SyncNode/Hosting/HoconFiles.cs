using Akka.Configuration;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>
/// The actor system's configuration: <c>hocon/node.conf</c> beside the program, under the file that <c>--hocon</c> or <c>POLYSYNC_HOCON</c> names, or
/// <c>hocon/embedded.conf</c> for a node of its own.
/// </summary>
internal static class HoconFiles
{
    public const string Variable = "POLYSYNC_HOCON";

    /// <exception cref="PipelineFailure">A file is missing or is not HOCON.</exception>
    public static Config Load(string? file)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "hocon");
        if (string.IsNullOrEmpty(file)) file = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(file)) file = Path.Combine(folder, "embedded.conf");
        return Parse(file).WithFallback(Parse(Path.Combine(folder, "node.conf")));
    }

    private static Config Parse(string file)
    {
        try
        {
            return ConfigurationFactory.ParseString(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"the HOCON file {file} cannot be read: {e.Message}", e) { ExitCode = ExitCode.InvalidManifest };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Akka's parser throws FormatException, ConfigurationException and its own kinds, all with a line's number.
            throw new PipelineFailure(FailureClass.Fatal, $"{file} is not HOCON: {e.Message}", e) { ExitCode = ExitCode.InvalidManifest };
        }
    }
}
