using System.Diagnostics;
using System.Linq.Expressions;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Configs;

namespace Akka.TestKit;

/// <summary>
/// An actor system for one test, with an actor whose messages the test expects one by one. What the test tells, it tells as that actor.
/// The expectations stand in files of their own.
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static long _numbers;
    private readonly ITestKitAssertions _assertions;
    private TestMessages _messages;
    private MessageEnvelope _last = NullMessageEnvelope.Instance;
    private TimeSpan? _end;
    private bool _expectsNothingLast;

    /// <summary>On that system, or a new one.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem system = null, string testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    /// <summary>On a new system.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string actorSystemName = null, string testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    /// <summary>On a new system.</summary>
    protected TestKitBase(ITestKitAssertions assertions, Config config, string actorSystemName = null, string testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName)
    {
    }

    /// <summary>On that system, or a new one.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem system, ActorSystemSetup config, string actorSystemName, string testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        Begin(system, config, actorSystemName, testActorName);
    }

    /// <summary>The configuration of the test kit.</summary>
    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    /// <summary>Logs everything.</summary>
    public static Config FullDebugConfig => TestConfigs.FullDebugConfig;

    /// <summary>A clock of its own.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    /// <summary>Expects entries in the log.</summary>
    public EventFilterFactory EventFilter { get; private set; }

    /// <summary>Whether messages wait.</summary>
    public bool HasMessages => _messages.Any;

    /// <summary>The last message that was taken.</summary>
    public object LastMessage => _last.Message;

    /// <summary>Who sent the last message that was taken.</summary>
    public IActorRef LastSender => _last.Sender;

    /// <summary>The log of the system.</summary>
    public ILoggingAdapter Log { get; private set; }

    /// <summary>The time left in Within.</summary>
    public TimeSpan Remaining => _end is { } end ? end - Now : throw new InvalidOperationException(@"Remaining may not be called outside of ""within""");

    /// <summary>The time left in Within, or the time that an expected message may take.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>The actor system.</summary>
    public ActorSystem Sys { get; private set; }

    /// <summary>The actor of the test.</summary>
    public IActorRef TestActor { get; private set; }

    /// <summary>The settings of the test kit.</summary>
    public TestKitSettings TestKitSettings { get; private set; }

    internal ITestKitAssertions AssertionsInternal => _assertions;

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf(Props props, string name) => Sys.ActorOf(props, name);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>());

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(string name)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    /// <summary>Makes an actor.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Selects actors.</summary>
    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Selects actors.</summary>
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Selects actors.</summary>
    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => Sys.ActorSelection(anchorRef, actorPath);

    /// <summary>Expects entries in the log of another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>A second test actor.</summary>
    public virtual TestProbe CreateTestProbe(string name = null) => CreateTestProbe(Sys, name);

    /// <summary>A second test actor.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string name = null) => new(system, _assertions, name);

    /// <summary>The time multiplied by the factor of the settings.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration < TimeSpan.Zero ? duration : duration * TestKitSettings.TestTimeFactor;

    /// <summary>The time, or the default of the settings.</summary>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? RemainingOrDefault;

    /// <summary>Throws messages away from now on.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => TestActor.Tell(new InternalTestActor.Ignore(shouldIgnoreMessage), ActorRefs.NoSender);

    /// <summary>Throws messages of a type away from now on.</summary>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(message => message is TMsg);

    /// <summary>Throws messages of a type away from now on.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>Keeps all messages again.</summary>
    public void IgnoreNoMessages() => IgnoreMessages(null);

    /// <summary>Lets the test actor answer by itself.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new InternalTestActor.Fly(pilot), ActorRefs.NoSender);

    /// <summary>Lets the test actor watch.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        TestActor.Tell(new InternalTestActor.Watching(actorToWatch, Starts: true), ActorRefs.NoSender);
        return actorToWatch;
    }

    /// <summary>Lets the test actor watch.</summary>
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => Task.FromResult(Watch(actorToWatch));

    /// <summary>Lets the test actor watch no more.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        TestActor.Tell(new InternalTestActor.Watching(actorToUnwatch, Starts: false), ActorRefs.NoSender);
        return actorToUnwatch;
    }

    /// <summary>Lets the test actor watch no more.</summary>
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => Task.FromResult(Unwatch(actorToUnwatch));

    /// <summary>Ends the system.</summary>
    public virtual void Shutdown(TimeSpan? duration = default, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    /// <summary>Ends a system.</summary>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = default, bool verifySystemShutdown = false)
    {
        var limit = duration ?? Dilated(TimeSpan.FromSeconds(5));
        if (!system.Terminate().Wait(limit) && verifySystemShutdown)
            throw new TimeoutException($"Failed to stop [{system.Name}] within [{limit}]\n{((ExtendedActorSystem)system).PrintTree()}");
    }

    /// <summary>The time, or what is left in Within.</summary>
    protected TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? end - Now : duration;

    /// <summary>The time dilated, or what is left in Within, or the default.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    IActorRef IActorRefFactory.ActorOf(Props props, string name) => Sys.ActorOf(props, name);

    private void Begin(ActorSystem system, ActorSystemSetup setup, string systemName, string testActorName)
    {
        if (system == null)
        {
            var bootstrap = setup.Get<BootstrapSetup>();
            var withDefaults = (bootstrap.HasValue ? bootstrap.Value : BootstrapSetup.Create()).WithConfigFallback(DefaultConfig);
            system = ActorSystem.Create(systemName ?? "test", setup.WithSetup(withDefaults));
        }
        system.Settings.InjectTopLevelFallback(DefaultConfig);
        Sys = system;
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        EventFilter = new EventFilterFactory(this);
        _messages = new TestMessages();
        var name = testActorName ?? "testActor" + Interlocked.Increment(ref _numbers);
        TestActor = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(() => new InternalTestActor(_messages)).OnCallersThread(), name);
        if (this is TestProbe)
            return;
        var cell = this is INoImplicitSender ? null : ((LocalActorRef)TestActor).Cell;
        Akka.Actor.Cells.ActorCell.Current = cell;
        SynchronizationContext.SetSynchronizationContext(new SenderKeepingContext(cell));
    }
}
