using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing;
using PolyglotSync.Testing.Node;

namespace PolyglotSync.Integration.Scenarios;

/// <summary>The demo through Kafka as a person runs it: the verdict at the end, and nothing left, whenever it is stopped.</summary>
[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class DemoTests(RealServers servers) : IDisposable
{
    /// <summary>Where its servers keep what they have: the demo's own folder of temporary files.</summary>
    private readonly string _scratch = MakeScratch();

    public void Dispose() => Directory.Delete(_scratch, recursive: true);

    [SkippableFact]
    public async Task At_a_broker_that_is_named_the_topics_are_gone_at_the_end()
    {
        var broker = (await servers.KafkaAsync()).BootstrapServers;
        using var client = new BrokerClient(broker);
        await using var demo = await StartAsync("--kafka", broker, "--for", "3");
        await SaysAsync(demo, "live writes begin");
        client.Topics().ShouldContain(t => t.StartsWith("polysync_demo_", StringComparison.Ordinal) && t.EndsWith(".public.users", StringComparison.Ordinal));
        await demo.ExitAsync(Eventually.Patience);
        demo.ExitCode.ShouldBe(0, demo.Error);
        foreach (var text in (string[])["PostgreSQL → Kafka → FalkorDB", $"Kafka: {broker}, topics polysync_demo_", "8 topics, ", " messages behind", "graph and tables agree"]) demo.Output.ShouldContain(text);
        client.Topics().ShouldNotContain(t => t.StartsWith("polysync_demo_", StringComparison.Ordinal));
        LeavesNothing();
    }

    [SkippableTheory]
    [Trait("Length", "Long")]
    [InlineData("PolyglotSync demo", 130)]
    [InlineData("Kafka: ", 130)]
    [InlineData("live writes begin", 0)]
    public async Task A_broker_of_its_own_goes_with_it_whenever_it_is_stopped(string after, int code)
    {
        Skip.If(KafkaServer.StartScript is null || KafkaServer.Missing is not null, KafkaServer.Missing ?? "no Kafka here that could be started: POLYSYNC_KAFKA_SERVER names no start script");
        await using var demo = await StartAsync("--transport", "kafka");
        await SaysAsync(demo, after);
        if (code == 0) await SaysAsync(demo, "messages behind");
        (await demo.TerminateAsync(TimeSpan.FromSeconds(40))).ShouldBe(code, $"{demo.Output}{demo.Error}");
        if (code == 0) demo.Output.ShouldContain("graph and tables agree");
        LeavesNothing();
    }

    [Fact]
    public async Task Without_a_Kafka_it_says_what_to_give()
    {
        await using var demo = SyncNodeProcess.Command(Variables("/nowhere/kafka-server"), "demo", "--transport", "kafka");
        await demo.ExitAsync(Eventually.Patience);
        demo.ExitCode.ShouldBe(11, demo.Error);
        foreach (var text in (string[])["/nowhere/kafka-server", "--kafka HOST:PORT", "POLYSYNC_KAFKA_SERVER"]) demo.Error.ShouldContain(text);
        LeavesNothing();
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_exit_code_11()
    {
        await using var demo = SyncNodeProcess.Command(Variables(""), "demo", "--kafka", "127.0.0.1:1");
        await demo.ExitAsync(Eventually.Patience);
        demo.ExitCode.ShouldBe(11, demo.Error);
        demo.Error.ShouldContain("127.0.0.1:1");
        LeavesNothing();
    }

    private async Task<SyncNodeProcess> StartAsync(params string[] arguments)
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        var graph = (await servers.FalkorAsync()).Uri($"demo{Guid.NewGuid():n}");
        return SyncNodeProcess.Command(Variables(KafkaServer.StartScript ?? ""), ["demo", "--target", graph, "--rows", "300", .. arguments]);
    }

    private Dictionary<string, string> Variables(string kafka) => new() { ["TMPDIR"] = _scratch, ["POLYSYNC_KAFKA_SERVER"] = kafka };

    private static Task SaysAsync(SyncNodeProcess demo, string text) => Eventually.AsyncTrue(() => Task.FromResult(demo.Output.Contains(text, StringComparison.Ordinal) || demo.HasExited),
        what: $"the demo says '{text}'", otherwise: () => $"{demo.Output}{demo.Error}");

    /// <summary>No file, and no process of a server.</summary>
    private void LeavesNothing()
    {
        Directory.GetFileSystemEntries(_scratch).Where(e => Path.GetFileName(e).StartsWith("polysync-demo-", StringComparison.Ordinal)).ShouldBeEmpty();
        var left = Directory.GetDirectories("/proc").Select(p => Path.Combine(p, "cmdline")).Where(IsOurs).ToList();
        left.ShouldBeEmpty();
    }

    private bool IsOurs(string commandLine)
    {
        try
        {
            return File.ReadAllText(commandLine).Contains(_scratch, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // it has ended meanwhile, or was never a process
            return false;
        }
    }

    /// <summary>PostgreSQL's own user must get through.</summary>
    private static string MakeScratch()
    {
        var folder = Directory.CreateTempSubdirectory("ps-demo-test-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return folder;
    }
}
