using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Xunit2.Internals;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>The base of xunit tests of actors: a system of its own, which ends with the test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where xunit takes output, or null.</summary>
    protected readonly ITestOutputHelper Output;

    private bool _disposed;

    /// <summary>On that system, or a new one.</summary>
    public TestKit(ActorSystem system = null, ITestOutputHelper output = null)
        : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>On a new system.</summary>
    public TestKit(ActorSystemSetup config, string actorSystemName = null, ITestOutputHelper output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>On a new system.</summary>
    public TestKit(Config config, string actorSystemName = null, ITestOutputHelper output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <summary>On a new system.</summary>
    public TestKit(string config, ITestOutputHelper output = null)
        : this(ConfigurationFactory.ParseString(config), null, output)
    {
    }

    /// <summary>The configuration of the test kit.</summary>
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <summary>Logs everything.</summary>
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    /// <summary>How xunit is told that something is wrong.</summary>
    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Runs when the test is over, before the system ends.</summary>
    protected virtual void AfterAll() => Shutdown();

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the test.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    /// <summary>Writes the log of a system to the output of the test too.</summary>
    protected void InitializeLogger(ActorSystem system) => Connect(system, Output, "log-test");

    /// <summary>Writes the log of a system to the output of the test too, under a name of its own.</summary>
    protected void InitializeLogger(ActorSystem system, string prefix) => Connect(system, Output, $"log-test-{prefix}");

    private static void Connect(ActorSystem system, ITestOutputHelper output, string name)
    {
        if (output == null)
            return;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new TestOutputLogger(output)), name);
        logger.Tell(new InitializeLogger(system.EventStream), ActorRefs.NoSender);
    }
}
