using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Serialization;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Actors.Source;
using PolyglotSync.Actors.Writers;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests;

public sealed class MessageSpecs(ITestOutputHelper output) : ActorSpecs(output)
{
    private static readonly PipelineStatus Filled = PipelineProgress.Silent(Settings.Of(), "asleep", DateTimeOffset.UnixEpoch) with
    {
        LastError = "away",
        LatencyP50Ms = 1.5,
        Copy = new[] { new TableCopyStatus("public.t", "done", 7, 8) },
        LastChanges = new[] { "(a)-->(b)" },
    };

    private static readonly SharedManifest Shared = new("shop", new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.Zero), "pipeline: shop");

    private static readonly ForeignKey Friend = new("person_friend_fkey", ["friend"], new TableName("public", "person"), ["id"]);

    private static readonly MappingAnswer WithMapping = new(PipelineState.Streaming, null, new GraphMapping(
    [
        new NodeMapping(new TableName("public", "person"), ["id"], "Person", [new PropertyMapping("id", "id")], [new ForeignKeyMapping(Friend, "KNOWS")]),
        new JoinMapping(new TableName("public", "likes"), ["a", "b"], "LIKES", Friend, Friend, [new PropertyMapping("w", "w", PropertyEncoding.Float)]),
    ]));

    /// <summary>One of each message that may cross to another node.</summary>
    private static readonly object[] Travelling =
    [
        new PausePipeline("shop", "night"), new PausePipeline("shop", null), new ResumePipeline("shop"), new RestartPipeline("shop"), new RemovePipeline("shop"), new PipelineRemoved("shop"), new PipelineReplaced("shop"), new EndCapture("shop"), new CaptureEnded("shop"), new PipelineStarted("shop", IsPaused: true),
        KeepPipeline.Instance, RenewPipeline.Instance, new PipelineRefused("it is just being changed", true), new MappingAnswer(PipelineState.Paused, "night", null),
        new CheckManifest(Shared), new TakeManifest(Shared with { Text = null }), new ManifestHeard("b:4053", new[] { "no PW" }), new ManifestVersions(new[] { Shared }), Shared,
        GetPipelines.Instance, new PipelinesAnswer(new[] { Filled }),
        new WaitForWatermark("shop", new Lsn(7), TimeSpan.FromSeconds(5)), new WaitForWatermark("shop", null, TimeSpan.FromSeconds(5)),
        new WatermarkAnswer("shop", "0/7", true), StopPipelines.Instance, PipelinesStopped.Instance,
        new EntityLost("shop.1.2", "it failed"), new Committed(3), new DeadLettersAdded(2), new DeadLettersCounted(1), new GetMapping("shop"), new RetryDeadLetters("shop"), new DeadLettersClosed("shop", 2), new PartDegraded("target", "away"),
        new PartDegraded("target", null), new SourceLoad(1, 2, 3), GetLoad.Instance, Finish.Instance, Finished.Instance,
    ];

    [Fact]
    public void What_may_cross_to_another_node_survives_it()
    {
        var serialization = Serialization();
        foreach (var message in Travelling)
        {
            var serializer = serialization.FindSerializerFor(message);
            var back = serialization.Deserialize(serializer.ToBinary(message), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, message));
            // Lists are equal by what they hold.
            if (message is PipelinesAnswer) JsonOf(((PipelinesAnswer)back).Pipelines.ShouldHaveSingleItem()).ShouldBe(JsonOf(Filled));
            else if (message is ManifestHeard or ManifestVersions) System.Text.Json.JsonSerializer.Serialize(back, back.GetType()).ShouldBe(System.Text.Json.JsonSerializer.Serialize(message, message.GetType()));
            else back.ShouldBe(message);
        }
    }

    [Fact]
    public void What_nodes_tell_one_another_goes_under_names_of_our_own()
    {
        var serializer = new PlacingSerializer((ExtendedActorSystem)Sys);
        foreach (var message in Travelling.Append(Filled).Append(WithMapping).Where(m => PlacingSerializer.Travelling.Contains(m.GetType())))
        {
            var back = serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));
            back.ShouldBeOfType(message.GetType());
            System.Text.Json.JsonSerializer.Serialize(back, back.GetType()).ShouldBe(System.Text.Json.JsonSerializer.Serialize(message, message.GetType()));
        }
        PlacingSerializer.Travelling.Except(Travelling.Select(m => m.GetType())).ShouldBe([typeof(PipelineStatus)], "each of them is tried");
        ((MappingAnswer)serializer.FromBinary(serializer.ToBinary(WithMapping), serializer.Manifest(WithMapping))).Mapping!.Tables.Select(t => t.GetType()).ShouldBe([typeof(NodeMapping), typeof(JoinMapping)]);
    }

    [Fact]
    public void What_a_later_version_sends_is_said_and_not_guessed() =>
        Should.Throw<System.Runtime.Serialization.SerializationException>(() => new PlacingSerializer((ExtendedActorSystem)Sys).FromBinary([], "pause-9")).Message.ShouldContain("'pause-9'");

    [Fact]
    public void Every_message_either_may_cross_or_says_that_it_never_does()
    {
        var travelling = Travelling.Select(m => m.GetType()).ToHashSet();
        var undecided = PublicMessages().Where(t => !travelling.Contains(t) && !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(t));

        undecided.ShouldBeEmpty();
    }

    [Fact]
    public void Slices_and_what_holds_passwords_never_leave_the_process()
    {
        foreach (var type in new[] { typeof(EntityEnvelope), typeof(EntitySlice), typeof(Drained), typeof(Write), typeof(StartPipeline), typeof(ReplacePipeline) })
            typeof(INoSerializationVerificationNeeded).IsAssignableFrom(type).ShouldBeTrue(type.Name);
    }

    [Fact]
    public void Messages_are_immutable()
    {
        var mutable = typeof(SourceActor).Assembly.GetTypes().Where(IsRecord).SelectMany(type => type.GetProperties()
            .Where(p => p.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(p => $"{type.Name}.{p.Name}"));

        mutable.ShouldBeEmpty();
    }

    private static IEnumerable<Type> PublicMessages() => typeof(SourceActor).Assembly.GetTypes()
        .Where(t => t.IsPublic && IsRecord(t) && t.Namespace != typeof(PolyglotSync.Actors.LifeCycle.LifeEvent).Namespace && t != typeof(WriterContext));

    private static bool IsRecord(Type type) => type.IsClass && type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is not null;

    private static string JsonOf(PipelineStatus status) => System.Text.Json.JsonSerializer.Serialize(status);

    private Serialization Serialization() => Sys.Serialization;
}
