using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Hosting;
using Serilog.Events;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Hosting;

/// <summary>What a node reads before it starts, and how it says what is wrong with it.</summary>
public sealed class ConfigurationSpecs : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"polysync-{Guid.NewGuid():N}.conf");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("Embedded"), InlineData("Node")]
    public void A_file_of_the_person_s_is_over_that_of_the_role(string name)
    {
        var role = Enum.Parse<NodeRole>(name);
        File.WriteAllText(_file, "akka.loglevel = ERROR");
        HoconFiles.Load(role, null).GetString("akka.loglevel").ShouldNotBe("ERROR");
        HoconFiles.Load(role, _file).GetString("akka.loglevel").ShouldBe("ERROR");
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var failure = Should.Throw<PipelineFailure>(() => HoconFiles.Load(NodeRole.Embedded, _file));
        failure.Message.ShouldStartWith($"the HOCON file {_file} cannot be read: ");
        failure.ExitCode.ShouldBe(ExitCode.InvalidManifest);
    }

    [Fact]
    public void A_file_that_is_no_HOCON_is_named_with_what_is_wrong()
    {
        File.WriteAllText(_file, "akka { loglevel = ");
        Should.Throw<PipelineFailure>(() => HoconFiles.Load(NodeRole.Embedded, _file)).Message.ShouldStartWith($"{_file} is not HOCON: ");
    }

    [Theory]
    [InlineData("trace", LogEventLevel.Verbose), InlineData("debug", LogEventLevel.Debug), InlineData("information", LogEventLevel.Information)]
    [InlineData("warning", LogEventLevel.Warning), InlineData("error", LogEventLevel.Error)]
    public void The_log_says_what_its_level_takes_and_nothing_below(string level, LogEventLevel least)
    {
        using var log = NodeLog.Create(level);
        foreach (var each in Enum.GetValues<LogEventLevel>()) log.IsEnabled(each).ShouldBe(each >= least, $"{each}");
        NodeLog.Levels.ShouldContain(level);
    }

    [Fact]
    public async Task A_journal_in_memory_needs_no_database() => await Journal.PrepareAsync(null, CancellationToken.None);

    [Fact]
    public async Task A_journal_whose_database_does_not_answer_is_named_without_its_password()
    {
        var failure = await Should.ThrowAsync<PipelineFailure>(Journal.PrepareAsync("Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=journal", CancellationToken.None));
        failure.Message.ShouldStartWith("the journal's database ");
        failure.Message.ShouldNotContain("secret");
        failure.ExitCode.ShouldBe(ExitCode.SourceUnavailable);
    }
}
