using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>The logger of tests: prints what no filter holds for. Dead letters count as warnings.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<LogFilter> _filters = [];

    /// <inheritdoc />
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in new[] { typeof(MuteFilters), typeof(UnmuteFilters), typeof(DeadLetter) })
                    initialize.LoggingBus.Subscribe(Context.Self, type);
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                if (!Filtered(entry))
                    Print(entry);
                return true;
            case DeadLetter letter:
                Filtered(new Warning(letter.Recipient?.Path.ToString() ?? "", typeof(DeadLetter), letter));
                return true;
            case MuteFilters mute:
                _filters.AddRange(mute.Filters);
                return true;
            case UnmuteFilters unmute:
                foreach (var filter in unmute.Filters)
                    _filters.Remove(filter);
                return true;
            default:
                return false;
        }
    }

    private bool Filtered(LogEvent entry) => _filters.ToArray().Any(filter => filter.Apply(entry));
}
