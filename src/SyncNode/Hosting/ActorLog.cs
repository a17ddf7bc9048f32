using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Hands the actors' log to the node's, each message alone: the node's log says time and level itself.</summary>
internal sealed class ActorLog : LoggerFactoryLogger
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;
    private readonly Dictionary<string, ILogger> _bySource = [];

    protected override void Log(LogEvent log, ActorPath path)
    {
        var source = log.LogClass?.FullName ?? log.LogSource;
        if (!_bySource.TryGetValue(source, out var logger)) _bySource[source] = logger = _loggers.CreateLogger(source);
        logger.Log(Level(log.LogLevel()), default, log.Message, log.Cause, static (message, _) => message?.ToString() ?? "");
    }

    private static LogLevel Level(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
