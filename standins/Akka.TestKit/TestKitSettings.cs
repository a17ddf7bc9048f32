using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>The settings under <c>akka.test</c>.</summary>
public class TestKitSettings : IExtension
{
    /// <summary>Those of that section.</summary>
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("default-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
        SingleExpectDefault = config.GetTimeSpan("single-expect-default", TimeSpan.FromSeconds(3), allowInfinite: false);
        TestEventFilterLeeway = config.GetTimeSpan("filter-leeway", TimeSpan.FromSeconds(3), allowInfinite: false);
        TestTimeFactor = config.GetDouble("timefactor", 1.0);
        if (TestTimeFactor <= 0)
            throw new ConfigurationException("akka.test.timefactor must be positive.");
    }

    /// <summary>How long things may take that have no time of their own.</summary>
    public TimeSpan DefaultTimeout { get; }

    /// <summary>How long an expected message may take.</summary>
    public TimeSpan SingleExpectDefault { get; }

    /// <summary>How long an expected log entry may take.</summary>
    public TimeSpan TestEventFilterLeeway { get; }

    /// <summary>What all times are multiplied by.</summary>
    public double TestTimeFactor { get; }
}

/// <summary>The id of <see cref="TestKitSettings"/>.</summary>
public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    /// <inheritdoc />
    public override TestKitSettings CreateExtension(ExtendedActorSystem system) => new(system.Settings.Config.GetConfig("akka.test"));

    /// <summary>The settings of that system.</summary>
    public static TestKitSettings For(ActorSystem system) => system.GetExtension<TestKitSettings>() ?? (TestKitSettings)system.RegisterExtension(new TestKitExtension());
}
