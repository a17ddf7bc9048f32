using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>Chooses which log entries a test expects or does not want to see.</summary>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<LogFilter> _filters;

    /// <summary>For the system of the test kit.</summary>
    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    /// <summary>For that system.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogFilter> filters)
    {
        _testkit = testkit;
        _system = system;
        _filters = filters;
    }

    /// <summary>Errors with an exception of a type.</summary>
    public IEventFilterApplier Exception<TException>(string message = null, string start = null, string contains = null, string source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors with an exception of a type.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string source = null)
        where TException : Exception => Exception(typeof(TException), pattern, source);

    /// <summary>Errors with an exception of a type.</summary>
    public IEventFilterApplier Exception(Type exceptionType, string message = null, string start = null, string contains = null, string source = null, bool checkInnerExceptions = false) =>
        Errors(exceptionType, LogFilter.Text(message, start, contains), source, checkInnerExceptions);

    /// <summary>Errors with an exception of a type.</summary>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string source = null, bool checkInnerExceptions = false) =>
        Errors(exceptionType, pattern.IsMatch, source, checkInnerExceptions);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Debug(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Debug(Regex pattern, string source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Info(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Info(Regex pattern, string source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Warning(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Warning(Regex pattern, string source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Error(string message = null, string start = null, string contains = null, string source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    /// <summary>Entries of that level.</summary>
    public IEventFilterApplier Error(Regex pattern, string source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    /// <summary>Entries of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string message = null, string start = null, string contains = null, string source = null) =>
        Level(logLevel, LogFilter.Text(message, start, contains), source);

    /// <summary>Entries of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string source = null) => Level(logLevel, pattern.IsMatch, source);

    /// <summary>Entries that the predicate holds for.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Apply(new LogFilter($"custom filter", predicate.Invoke));

    /// <summary>Entries of a type that the predicate holds for.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent => Custom(entry => entry is TLogEvent typed && predicate(typed));

    /// <summary>Dead letters.</summary>
    public IEventFilterApplier DeadLetter() => Letters(_ => true, null, "dead letter");

    /// <summary>Dead letters of a type.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string source = null) => DeadLetter(typeof(TMessage), source);

    /// <summary>Dead letters of a type that the function holds for.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string source = null) =>
        DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source);

    /// <summary>Dead letters of a type.</summary>
    public IEventFilterApplier DeadLetter(Type type, string source = null) => DeadLetter(type, _ => true, source);

    /// <summary>Dead letters of a type that the function holds for.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string source = null) =>
        Letters(message => type.IsInstanceOfType(message) && isMatch(message), source, $"dead letter of type {type.Name}");

    private IEventFilterApplier Errors(Type type, Func<string, bool> text, string source, bool inner) => Apply(new LogFilter(
        $"error with {type.Name}",
        entry => entry is Error error && LogFilter.From(error, source) && Causes(error.Cause, inner).Any(cause => type.IsInstanceOfType(cause) && (text(cause.Message) || text($"{error.Message}")))));

    private IEventFilterApplier Level(LogLevel level, Func<string, bool> text, string source) => Apply(new LogFilter(
        $"entry of {level}", entry => entry.LogLevel() == level && entry.Message is not AllDeadLetters && LogFilter.From(entry, source) && text($"{entry.Message}")));

    private IEventFilterApplier Letters(Func<object, bool> fits, string source, string what) => Apply(new LogFilter(
        what, entry => entry.Message is Akka.Event.DeadLetter letter && fits(letter.Message) && LogFilter.From(entry, source)));

    private EventFilterApplier Apply(LogFilter filter) => new(_testkit, _system, [.. _filters, filter]);

    private static IEnumerable<Exception> Causes(Exception cause, bool inner)
    {
        for (; cause != null; cause = inner || cause is ActorInitializationException ? cause.InnerException : null)
            yield return cause;
    }
}

/// <summary>A condition on log entries that counts how often it held.</summary>
internal sealed class LogFilter(string what, Func<LogEvent, bool> fits)
{
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal bool Apply(LogEvent entry)
    {
        if (!fits(entry))
            return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    public override string ToString() => what;

    internal static Func<string, bool> Text(string message, string start, string contains) => text =>
        (message == null || text == message)
        && (start == null || text.StartsWith(start, StringComparison.Ordinal))
        && (contains == null || text.Contains(contains, StringComparison.Ordinal));

    internal static bool From(LogEvent entry, string source) =>
        source == null || entry.LogSource == source || entry.LogSource.StartsWith($"{source}(", StringComparison.Ordinal) || entry.LogSource.EndsWith(source, StringComparison.Ordinal);
}
