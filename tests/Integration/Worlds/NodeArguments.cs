using PolyglotSync.Contracts;

namespace PolyglotSync.Integration.Worlds;

/// <summary>How a world's pipeline is said on the command line.</summary>
public static class NodeArguments
{
    public static string[] Of(World world) =>
    [
        "--source", world.Source, "--target", world.Target, "--name", World.Pipeline,
        .. world.Consistency == Consistency.Parallel ? (string[])["--consistency", "parallel"] : [],
        .. world.Schemas.SelectMany(s => (string[])["--schema", s]),
        .. world.Arguments,
    ];
}
