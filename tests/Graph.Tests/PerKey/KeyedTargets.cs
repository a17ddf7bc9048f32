using PolyglotSync.Graph.Tests.Compliance;
using PolyglotSync.Testing;

namespace PolyglotSync.Graph.Tests.PerKey;

/// <summary>What every target must do where changes are in order only key by key.</summary>
public abstract partial class KeyedCompliance
{
    private protected static readonly SourcePartition One = new("shop.public.all", 0);

    /// <summary>The address of an empty graph.</summary>
    private protected abstract Task<Uri> NewGraphAsync();

    private protected static IGraphTarget Connect(Uri graph) => GraphWorld.Connect(graph);

    private protected async Task<KeyedWorld> WorldAsync(DatabaseSchema? schema = null)
    {
        var graph = await NewGraphAsync();
        return await new KeyedWorld(await new GraphWorld(Connect(graph), schema ?? Tables.Social(), () => Connect(graph)).PreparePerKeyAsync()).ClaimAsync(One);
    }
}

public sealed class FalkorKeyedTests(FalkorFixture falkor) : KeyedCompliance, IClassFixture<FalkorFixture>
{
    private protected override Task<Uri> NewGraphAsync()
    {
        Skip.If(FalkorServer.Missing is not null, FalkorServer.Missing);
        return Task.FromResult(falkor.NewGraph());
    }
}

[Collection(Neo4jFixture.Shared)]
[Trait("Length", "Long")]
public sealed class Neo4jKeyedTests(Neo4jFixture neo4j) : KeyedCompliance
{
    private protected override Task<Uri> NewGraphAsync() => neo4j.EmptyAsync();
}
