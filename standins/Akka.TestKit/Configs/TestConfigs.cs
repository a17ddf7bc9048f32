using Akka.Configuration;

namespace Akka.TestKit.Configs;

/// <summary>Configurations of tests.</summary>
public static class TestConfigs
{
    /// <summary>With the logger of the test kit.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = "INFO"
          stdout-loglevel = "WARNING"
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
          test {
            timefactor = 1.0
            filter-leeway = 3s
            single-expect-default = 3s
            default-timeout = 5s
          }
        }
        """);

    /// <summary>With virtual time.</summary>
    public static Config TestSchedulerConfig { get; } =
        ConfigurationFactory.ParseString("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"");

    internal static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("akka.loglevel = DEBUG, akka.actor.debug.unhandled = on");
}
