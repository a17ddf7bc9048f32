using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests;

/// <summary>The base of the actors' tests: a system of its own, with virtual time where the test says so, journals in memory.</summary>
public abstract class ActorSpecs(ITestOutputHelper output, string hocon = "")
    : TestKit(ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(Hocon)), "actors", output)
{
    /// <summary>Long enough for anything that happens at all; nothing waits for it to pass.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    protected const string VirtualTime = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    private const string Hocon = """
        akka {
          loglevel = INFO
          test.single-expect-default = 20s
          persistence {
            journal.plugin = "akka.persistence.journal.inmem"
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            snapshot-store.inmem.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
          }
        }
        """;

    protected TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    /// <summary>An actor whose parent is the probe in all but name: what it tells its parent, the probe gets.</summary>
    protected IActorRef ActorBelow(TestProbe parent, Props props, string name = "child") =>
        Sys.ActorOf(Props.Create(() => new Foster(parent.Ref, props, name)), $"foster-{Guid.NewGuid():N}");

    /// <summary>Passes to the child what comes from elsewhere, to the probe what comes from the child, and says when the child crashes.</summary>
    private sealed class Foster : UntypedActor
    {
        private readonly IActorRef _probe;
        private readonly IActorRef _child;

        public Foster(IActorRef probe, Props props, string name)
        {
            _probe = probe;
            _child = Context.ActorOf(props, name);
        }

        protected override void OnReceive(object message)
        {
            if (Sender.Equals(_child)) _probe.Forward(message);
            else _child.Forward(message);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(exception =>
        {
            _probe.Tell(new Crashed(exception), Self);
            return Directive.Stop;
        });
    }

    protected sealed record Crashed(Exception Exception);
}
