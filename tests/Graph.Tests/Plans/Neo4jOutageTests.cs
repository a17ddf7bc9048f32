using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Graph.Neo4j;

namespace PolyglotSync.Graph.Tests.Plans;

/// <summary>The driver tells some outages as errors of its user's, which must never be taken for a row's fault.</summary>
public class Neo4jOutageTests
{
    [Theory]
    [InlineData("bolt")]
    [InlineData("neo4j")]
    public async Task A_server_that_accepts_and_stays_silent_does_not_answer_and_no_row_is_at_fault(string scheme)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new TargetSettings { Uri = new($"{scheme}://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), ConnectTimeoutMs = 200 };
        await using var connections = new Neo4jConnections(settings, new LimitSettings(), NullLogger.Instance);

        var refused = await Should.ThrowAsync<Exception>(() => connections.WithinAsync(connections.WriteTime, (session, _) => session.RunAsync("RETURN 1"), CancellationToken.None));

        var failure = Neo4jFailures.Classify(refused, "the graph");
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldStartWith("the graph does not answer");
    }
}
