using Akka.Event;

namespace Akka.Streams;

/// <summary>Settings of one part of a stream. This stand-in heeds <see cref="LogLevels"/>, for the Log operator, and <see cref="InputBuffer"/>, for ActorRefWithAck; names are decoration.</summary>
public sealed class Attributes
{
    public static readonly Attributes None = new();

    private readonly IAttribute[] _attributes;

    public Attributes(params IAttribute[] attributes) => _attributes = attributes;

    /// <summary>The most specific attribute first.</summary>
    public IEnumerable<IAttribute> AttributeList => _attributes;

    public Attributes And(Attributes other) => new([.. other._attributes, .. _attributes]);

    public Attributes And(IAttribute other) => new([other, .. _attributes]);

    public TAttr GetAttribute<TAttr>()
        where TAttr : class, IAttribute => _attributes.OfType<TAttr>().FirstOrDefault();

    public TAttr GetAttribute<TAttr>(TAttr defaultIfNotFound)
        where TAttr : class, IAttribute => GetAttribute<TAttr>() ?? defaultIfNotFound;

    public override string ToString() => $"Attributes({string.Join(", ", (object[])_attributes)})";

    public static Attributes CreateInputBuffer(int initial, int max) => new(new InputBuffer(initial, max));

    public static Attributes CreateName(string name) => string.IsNullOrEmpty(name) ? None : new Attributes(new Name(name));

    public static Attributes CreateLogLevels(LogLevel onElement = LogLevel.DebugLevel, LogLevel onFinish = LogLevel.DebugLevel, LogLevel onError = LogLevel.ErrorLevel)
        => new(new LogLevels(onElement, onFinish, onError));

    public interface IAttribute
    {
    }

    public interface IMandatoryAttribute : IAttribute
    {
    }

    public sealed class InputBuffer : IMandatoryAttribute, IEquatable<InputBuffer>
    {
        public readonly int Initial;
        public readonly int Max;

        public InputBuffer(int initial, int max) => (Initial, Max) = (initial, max);

        public bool Equals(InputBuffer other) => other != null && (other.Initial, other.Max) == (Initial, Max);

        public override bool Equals(object obj) => Equals(obj as InputBuffer);

        public override int GetHashCode() => HashCode.Combine(Initial, Max);

        public override string ToString() => $"InputBuffer(initial={Initial}, max={Max})";
    }

    public sealed class Name : IAttribute, IEquatable<Name>
    {
        public readonly string Value;

        public Name(string value) => Value = string.IsNullOrEmpty(value) ? throw new ArgumentNullException(nameof(value)) : value;

        public bool Equals(Name other) => other != null && other.Value == Value;

        public override bool Equals(object obj) => Equals(obj as Name);

        public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

        public override string ToString() => $"Name({Value})";
    }

    public sealed class LogLevels : IAttribute, IEquatable<LogLevels>
    {
        /// <summary>A level that no log takes.</summary>
        public static readonly LogLevel Off = (LogLevel)int.MaxValue;

        public readonly LogLevel OnElement;
        public readonly LogLevel OnFailure;
        public readonly LogLevel OnFinish;

        public LogLevels(LogLevel onElement, LogLevel onFinish, LogLevel onFailure) => (OnElement, OnFinish, OnFailure) = (onElement, onFinish, onFailure);

        public bool Equals(LogLevels other) => other != null && (other.OnElement, other.OnFinish, other.OnFailure) == (OnElement, OnFinish, OnFailure);

        public override bool Equals(object obj) => Equals(obj as LogLevels);

        public override int GetHashCode() => HashCode.Combine(OnElement, OnFinish, OnFailure);

        public override string ToString() => $"LogLevel({OnElement}, {OnFinish}, {OnFailure})";
    }
}
