namespace Akka.Event;

/// <summary>Writes to the log.</summary>
public interface ILoggingAdapter
{
    /// <summary>Fills formats with their arguments.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether Debug is written.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether Error is written.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether Info is written.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether Warning is written.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether that level is written.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Writes an entry.</summary>
    void Log(LogLevel logLevel, Exception cause, LogMessage message);

    /// <summary>Writes an entry without arguments.</summary>
    void Log(LogLevel logLevel, Exception cause, string format);
}

/// <summary>Fills formats with their arguments.</summary>
public interface ILogMessageFormatter
{
    /// <summary>Fills a format.</summary>
    string Format(string format, IEnumerable<object> args);

    /// <summary>Fills a format.</summary>
    string Format(string format, params object[] args);
}

/// <summary>A format and its arguments, filled when it is read.</summary>
public abstract class LogMessage
{
    /// <summary>Fills the format.</summary>
    protected readonly ILogMessageFormatter Formatter;

    /// <summary>Of that format.</summary>
    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    /// <summary>The format.</summary>
    public string Format { get; }

    /// <summary>The arguments.</summary>
    public abstract IEnumerable<object> Parameters();

    /// <summary>The format and the arguments side by side.</summary>
    public abstract string Unformatted();
}

/// <summary>Fills <c>{0}</c> as string.Format does.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only one.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc />
    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());

    /// <inheritdoc />
    public string Format(string format, params object[] args) => string.Format(format, args);
}

/// <summary>A format with an array of arguments.</summary>
internal sealed class LogValues(ILogMessageFormatter formatter, string format, object[] args) : LogMessage(formatter, format)
{
    public override IEnumerable<object> Parameters() => args;

    public override string ToString() => Formatter.Format(Format, args);

    public override string Unformatted() => $"{Format} [{string.Join(", ", args)}]";
}
