using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Testing;

namespace PolyglotSync.Graph.Tests.Compliance;

public sealed class FalkorFixture : IAsyncLifetime
{
    private FalkorServer? _server;

    public Uri NewGraph() => _server!.NewGraph();

    public async Task InitializeAsync() => _server = FalkorServer.Missing is null ? await FalkorServer.StartNewAsync() : null;

    public Task DisposeAsync() => _server?.DisposeAsync().AsTask() ?? Task.CompletedTask;
}

public sealed class FalkorComplianceTests(FalkorFixture falkor) : TargetCompliance, IClassFixture<FalkorFixture>
{
    private protected override Task<IGraphTarget> NewTargetAsync(int batchRows = 5_000)
    {
        Skip.If(FalkorServer.Missing is not null, FalkorServer.Missing);
        return Task.FromResult(GraphTargets.Create(new TargetSettings { Uri = falkor.NewGraph() }, new LimitSettings { BatchRows = batchRows }, NullLoggerFactory.Instance));
    }
}
