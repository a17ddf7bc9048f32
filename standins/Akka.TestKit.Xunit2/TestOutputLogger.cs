using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes log entries to the output of a test. What comes after its end is dropped, since xunit refuses it.</summary>
public class TestOutputLogger : ReceiveActor
{
    /// <summary>To that output.</summary>
    public TestOutputLogger(ITestOutputHelper output)
    {
        Receive<LogEvent>(entry => Write(output, entry));
        Receive<InitializeLogger>(initialize =>
        {
            initialize.LoggingBus.Subscribe(Self, typeof(LogEvent));
            Sender.Tell(new LoggerInitialized());
        });
    }

    private static void Write(ITestOutputHelper output, LogEvent entry)
    {
        try
        {
            output.WriteLine(entry.ToString());
        }
        catch (InvalidOperationException)
        {
            // There is no currently active test.
        }
    }
}
