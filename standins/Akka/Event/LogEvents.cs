using Akka.Actor;

namespace Akka.Event;

/// <summary>How urgent an entry is.</summary>
public enum LogLevel
{
    /// <summary>For finding mistakes.</summary>
    DebugLevel = 0,

    /// <summary>What happened.</summary>
    InfoLevel = 1,

    /// <summary>What may become a problem.</summary>
    WarningLevel = 2,

    /// <summary>What went wrong.</summary>
    ErrorLevel = 3,
}

/// <summary>An entry of the log, published on the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    private protected LogEvent(Exception cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>The exception, or null.</summary>
    public Exception Cause { get; protected set; }

    /// <summary>The type that logged.</summary>
    public Type LogClass { get; protected set; }

    /// <summary>Who logged, mostly the path of an actor.</summary>
    public string LogSource { get; protected set; }

    /// <summary>What: a text or a <see cref="LogMessage"/>.</summary>
    public object Message { get; protected set; }

    /// <summary>On which thread.</summary>
    public Thread Thread { get; } = Thread.CurrentThread;

    /// <summary>When, in UTC.</summary>
    public DateTime Timestamp { get; } = DateTime.UtcNow;

    /// <summary>How urgent.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc />
    public override string ToString()
    {
        var level = LogLevel().StringFor().ToUpperInvariant();
        var text = $"[{level}][{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause == null ? text : $"{text}{Environment.NewLine}Cause: {Cause}";
    }
}

/// <summary>An entry of that level.</summary>
public class Debug : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With an exception.</summary>
    public Debug(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Akka.Event.LogLevel.DebugLevel;
}

/// <summary>An entry of that level.</summary>
public class Info : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Info(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With an exception.</summary>
    public Info(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Akka.Event.LogLevel.InfoLevel;
}

/// <summary>An entry of that level.</summary>
public class Warning : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With an exception.</summary>
    public Warning(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Akka.Event.LogLevel.WarningLevel;
}

/// <summary>An entry of that level.</summary>
public class Error : LogEvent
{
    /// <summary>With an exception, or null.</summary>
    public Error(Exception cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc />
    public override LogLevel LogLevel() => Akka.Event.LogLevel.ErrorLevel;
}

/// <summary>Asks a logger to start; it answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    /// <summary>For that bus.</summary>
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    /// <summary>The bus to subscribe to.</summary>
    public LoggingBus LoggingBus { get; }
}

/// <summary>The logger runs.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
}
