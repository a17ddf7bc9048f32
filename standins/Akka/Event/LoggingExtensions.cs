namespace Akka.Event;

/// <summary>Writing to the log by level. Nothing is formatted for a level that is not written.</summary>
public static partial class LoggingExtensions
{
    /// <summary>Writes a text at that level.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format) => log.Log(level, null, format);

    /// <summary>Fills the format and writes it at that level.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, string format, object[] args) => Write(log, level, null, format, args);

    /// <summary>Fills the format and writes it at that level with an exception.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel level, Exception cause, string format, object[] args) => Write(log, level, cause, format, args);

    private static void Write(ILoggingAdapter log, LogLevel level, Exception cause, string format, object[] args)
    {
        if (log.IsEnabled(level))
            log.Log(level, cause, new LogValues(log.Formatter, format, args));
    }
}
