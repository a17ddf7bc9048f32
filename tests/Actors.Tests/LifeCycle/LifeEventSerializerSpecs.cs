using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using PolyglotSync.Actors.LifeCycle;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.LifeCycle;

public sealed class LifeEventSerializerSpecs : ActorSpecs
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static TheoryData<string, string> Journaled => new()
    {
        { "pipeline-paused-1", """{"reason":"night","at":"2026-03-04T05:06:07+00:00"}""" },
        { "pipeline-paused-1", """{"at":"2026-03-04T05:06:07+00:00"}""" },
        { "pipeline-resumed-1", """{"at":"2026-03-04T05:06:07+00:00"}""" },
        { "pipeline-failed-1", """{"class":"fatal","exit_code":"source_unfit","message":"the slot is gone","at":"2026-03-04T05:06:07+00:00"}""" },
    };

    private static readonly LifeEvent[] Events =
    [
        new PipelineWasPaused("night", At), new PipelineWasPaused(null, At), new PipelineWasResumed(At),
        new PipelineHasFailed(FailureClass.Fatal, ExitCode.SourceUnfit, "the slot is gone", At),
    ];

    private readonly LifeEventSerializer _serializer;

    public LifeEventSerializerSpecs(ITestOutputHelper output)
        : base(output) => _serializer = new LifeEventSerializer((ExtendedActorSystem)Sys);

    [Fact]
    public void What_was_written_reads_back()
    {
        foreach (var happened in Events) _serializer.FromBinary(_serializer.ToBinary(happened), _serializer.Manifest(happened)).ShouldBe(happened);
    }

    [Theory]
    [MemberData(nameof(Journaled))]
    public void What_old_journals_hold_is_read_and_written_alike(string manifest, string json)
    {
        var happened = _serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest);

        Events.ShouldContain((LifeEvent)happened);
        _serializer.Manifest(happened).ShouldBe(manifest);
        WithoutOrder(Encoding.UTF8.GetString(_serializer.ToBinary(happened))).ShouldBe(WithoutOrder(json));
    }

    [Fact]
    public void What_a_later_version_wrote_is_refused_by_name() =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary([], "pipeline-archived-1")).Message.ShouldContain("pipeline-archived-1");

    [Fact]
    public void Every_event_of_a_life_has_its_name()
    {
        var events = typeof(LifeEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(LifeEvent)));
        Events.Select(e => e.GetType()).Distinct().ShouldBe(events, ignoreOrder: true);
    }

    private static IEnumerable<string> WithoutOrder(string json) => json.Trim('{', '}').Split(',').Order();
}
