using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo.Servers;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

/// <summary>Which Kafka a demo starts.</summary>
public sealed class DemoKafkaSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polysync-kafka-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_script_that_is_named_goes_before_the_one_beside_the_repository()
    {
        var beside = Script("shared/servers/kafka-server");
        Directory.CreateDirectory(Path.Combine(_folder, "repository"));
        EmbeddedKafka.Find(Variables(("POLYSYNC_ROOT", Path.Combine(_folder, "repository")))).ShouldBe(beside);
        var named = Script("mine.sh");
        EmbeddedKafka.Find(Variables(("POLYSYNC_ROOT", Path.Combine(_folder, "repository")), (EmbeddedKafka.Variable, named))).ShouldBe(named);
    }

    [Theory]
    [InlineData(null, "no Kafka is here")]
    [InlineData("/nowhere/kafka", "POLYSYNC_KAFKA_SERVER names /nowhere/kafka")]
    public void Without_one_it_says_what_to_give(string? named, string what)
    {
        var failure = Should.Throw<PipelineFailure>(() => EmbeddedKafka.Find(Variables(("POLYSYNC_ROOT", Path.Combine(_folder, "repository")), (EmbeddedKafka.Variable, named))));
        failure.ExitCode.ShouldBe(ExitCode.BrokerUnavailable);
        foreach (var word in (string[])[what, "--kafka HOST:PORT", EmbeddedKafka.Variable]) failure.Message.ShouldContain(word);
    }

    private static Func<string, string?> Variables(params (string Name, string? Value)[] set) => name => set.FirstOrDefault(v => v.Name == name).Value;

    private string Script(string name)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n");
        return path;
    }
}
