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

    [SkippableFact]
    public async Task A_name_with_a_backtick_is_refused_with_what_to_do()
    {
        var schema = new Tables().Add("t", ["k`1 text"], ["k`1"]).Build();
        var failure = await Should.ThrowAsync<PipelineFailure>(() => WorldAsync(schema));
        (failure.Class, failure.ExitCode).ShouldBe((FailureClass.Fatal, ExitCode.InvalidManifest));
        failure.Message.ShouldContain("public.t");
    }
}
