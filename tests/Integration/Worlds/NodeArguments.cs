using PolyglotSync.Contracts;

namespace PolyglotSync.Integration.Worlds;

/// <summary>How a world's pipeline is said: on the command line, or in a manifest where it has settings that only a manifest takes.</summary>
public static class NodeArguments
{
    public static string[] Of(World world) => world.Manifest is null && world.CopyChunkRows is null ? CommandLine(world) : [WriteManifest(world), .. world.Arguments];

    private static string[] CommandLine(World world) =>
    [
        "--source", world.NodeSource ?? world.Source, "--target", world.Target, "--name", World.Pipeline,
        .. world.Consistency == Consistency.Parallel ? (string[])["--consistency", "parallel"] : [],
        .. world.Schemas.SelectMany(s => (string[])["--schema", s]),
        .. world.Arguments,
    ];

    private static string WriteManifest(World world)
    {
        var path = Path.Combine(Path.GetTempPath(), $"ps-{world.Database}.yaml");
        File.WriteAllText(path, $"""
            pipeline: {World.Pipeline}
            source:
              dsn: "{world.NodeSource ?? world.Source}"
              schemas: [{string.Join(", ", world.Schemas)}]
              copy_chunk_rows: {world.CopyChunkRows ?? 10_000}
            target:
              uri: "{world.Target}"
            consistency: {world.Consistency.ToString().ToLowerInvariant()}
            {world.Manifest}
            """);
        return path;
    }
}
