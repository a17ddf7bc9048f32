using System.Globalization;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Servers;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>A port that is free when a server is started, and taken when the server comes to it.</summary>
public sealed class DemoPortSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-ports-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_server_that_finds_its_port_taken_is_started_on_another()
    {
        var next = 1;
        (await FreePort.TryAsync(() => next++, async port =>
        {
            if (port < 3) await UntilItEndsAsync($"bind({port.ToString(CultureInfo.InvariantCulture)}): Address already in use");
            return port;
        })).ShouldBe(3);
    }

    [Fact]
    public async Task Where_every_port_is_taken_the_last_one_is_told()
    {
        var tried = 0;
        var failure = await Should.ThrowAsync<PipelineFailure>(() => FreePort.TryAsync(() => ++tried, async port =>
        {
            await UntilItEndsAsync("java.net.BindException: Address already in use");
            return port;
        }));
        tried.ShouldBe(3);
        failure.Message.ShouldContain("Address already in use");
    }

    [Fact]
    public async Task A_server_that_fails_by_something_else_is_not_tried_again()
    {
        var tried = 0;
        await Should.ThrowAsync<PipelineFailure>(() => FreePort.TryAsync(() => ++tried, async port =>
        {
            await UntilItEndsAsync("no space left on device");
            return port;
        }));
        tried.ShouldBe(1);
    }

    private async Task UntilItEndsAsync(string said)
    {
        await using var server = ServerProcess.Start("the server", Path.Combine(_folder, "log"), "sh", "-c", "echo \"$1\"; exit 1", "sh", said);
        await server.UntilAsync(_ => Task.FromResult(false), TimeSpan.FromSeconds(30), CancellationToken.None);
    }
}
