namespace PolyglotSync.Testing.Node;

/// <summary>Where the program under test lies: POLYSYNC_NODE, or what was built with these tests.</summary>
public static class NodeProgram
{
    private static readonly Lazy<string> Found = new(Search);

    public static string Path => Found.Value;

    private static string Search()
    {
        if (Environment.GetEnvironmentVariable("POLYSYNC_NODE") is { Length: > 0 } named) return named;
        // tests/Integration/bin/<configuration>/net10.0/ -> the root, and the same configuration of the node
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        var root = output.Parent.Parent!.Parent!.Parent!.Parent!;
        var program = System.IO.Path.Combine(root.FullName, "src", "SyncNode", "bin", configuration, output.Name, "PolyglotSync.SyncNode.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"{program} is not built; dotnet build src/SyncNode -c {configuration}");
    }
}
