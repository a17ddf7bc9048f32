using Akka.Configuration;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>
/// The actor system's configuration, from the folder <c>hocon</c> beside the program: <c>polysync.conf</c>, under the role's file, under the file that <c>--hocon</c> or
/// <c>POLYSYNC_HOCON</c> names.
/// </summary>
internal static class HoconFiles
{
    public const string Variable = "POLYSYNC_HOCON";

    /// <exception cref="PipelineFailure">A file is missing or is not HOCON.</exception>
    public static Config Load(NodeRole role, string? file)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "hocon");
        var config = Parse(Path.Combine(folder, $"{role.ToString().ToLowerInvariant()}.conf")).WithFallback(Parse(Path.Combine(folder, "polysync.conf")));
        if (string.IsNullOrEmpty(file)) file = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(file) ? config : Parse(file).WithFallback(config);
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
