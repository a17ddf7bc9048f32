using Akka.Actor;
using Akka.Actor.Cells;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>Makes log adapters and names levels.</summary>
public static class Logging
{
    /// <summary>The event of a level.</summary>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    /// <summary>The log of an actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter logMessageFormatter = null) => new BusLogging(
        context.System.EventStream, context.Self.Path.ToString(), (context as ActorCell)?.Actor?.GetType() ?? context.Props.Type, logMessageFormatter);

    /// <summary>The log of an object; its type or, for a string, itself is the source.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter logMessageFormatter = null) =>
        new BusLogging(system.EventStream, $"{Source(logSourceObj)}({system})", ClassOf(logSourceObj), logMessageFormatter);

    /// <summary>The log of an object; its type or, for a string, itself is the source.</summary>
    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter logMessageFormatter = null) =>
        new BusLogging(loggingBus, Source(logSourceObj), ClassOf(logSourceObj), logMessageFormatter);

    /// <summary>The level of a name in the settings.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => (LogLevel)int.MaxValue,
        _ => throw new ArgumentException($"Unknown LogLevel: '{logLevel}'. Valid values are: 'DEBUG', 'INFO', 'WARNING', 'ERROR' and 'OFF'", nameof(logLevel)),
    };

    /// <summary>The level of an event.</summary>
    public static LogLevel LogLevelFor<T>()
        where T : LogEvent => Levels.First(level => level.ClassFor() == typeof(T));

    /// <summary>The name of the type of an object.</summary>
    public static string SimpleName(object o) => SimpleName(o.GetType());

    /// <summary>The name of a type.</summary>
    public static string SimpleName(Type t) => t.Name;

    /// <summary>The name of a level.</summary>
    public static string StringFor(this LogLevel logLevel) => ClassFor(logLevel).Name;

    internal static readonly LogLevel[] Levels = [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel];

    private static string Source(object source) => source switch
    {
        string text => text,
        Type type => SimpleName(type),
        IActorRef actor => actor.Path.ToString(),
        _ => SimpleName(source),
    };

    private static Type ClassOf(object source) => source as Type ?? source.GetType();
}

/// <summary>Writes to the log by publishing entries on the event stream.</summary>
internal sealed class BusLogging(LoggingBus bus, string source, Type logClass, ILogMessageFormatter formatter = null) : ILoggingAdapter
{
    public ILogMessageFormatter Formatter { get; } = formatter ?? DefaultLogMessageFormatter.Instance;

    public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

    public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

    public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

    public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

    public bool IsEnabled(LogLevel logLevel) => bus.LogLevel <= logLevel;

    public void Log(LogLevel logLevel, Exception cause, LogMessage message) => Publish(logLevel, cause, message);

    public void Log(LogLevel logLevel, Exception cause, string format) => Publish(logLevel, cause, format);

    private void Publish(LogLevel level, Exception cause, object message)
    {
        if (!IsEnabled(level))
            return;
        bus.Publish(level switch
        {
            LogLevel.DebugLevel => new Debug(cause, source, logClass, message),
            LogLevel.InfoLevel => new Info(cause, source, logClass, message),
            LogLevel.WarningLevel => new Warning(cause, source, logClass, message),
            _ => new Error(cause, source, logClass, message),
        });
    }
}

/// <summary>Starts the loggers of a system, and the console before and after them.</summary>
internal static class Loggers
{
    private static readonly StandardOutLogger Console = new();

    internal static void StartStdout(LoggingBus bus, Settings settings) => Subscribe(bus, Console, Logging.LogLevelFor(settings.StdoutLogLevel));

    internal static void Start(ActorSystemImpl system)
    {
        var bus = system.EventStream;
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = TypeNames.Find(name) ?? throw new ConfigurationException($"akka.loggers: there is no type '{name}'.");
            var logger = system.SystemActorOf(new Props(type).WithDispatcher(Dispatch.ActorDispatchers.InternalId), $"log{++number}-{type.Name}");
            try
            {
                logger.Ask<LoggerInitialized>(new InitializeLogger(bus), system.Settings.LoggerStartTimeout).GetAwaiter().GetResult();
            }
            catch (AskTimeoutException late)
            {
                throw new LoggerInitializationException($"Logger {name} did not respond within {system.Settings.LoggerStartTimeout} to InitializeLogger", late);
            }
            Subscribe(bus, logger, bus.LogLevel);
        }
        bus.Unsubscribe(Console);
    }

    private static void Subscribe(LoggingBus bus, IActorRef logger, LogLevel from)
    {
        foreach (var level in Logging.Levels.Where(level => level >= from))
            bus.Subscribe(logger, level.ClassFor());
    }
}
