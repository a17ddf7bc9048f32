using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Akka.Event.LogLevel;

namespace Akka.Hosting;

/// <summary>Which loggers an actor system has, from which level on. The default logger is there unless cleared.</summary>
public sealed class LoggerConfigBuilder
{
    private readonly List<Type> _loggers = [typeof(DefaultLogger)];

    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder) => Builder = builder;

    public bool LogConfigOnStart { get; set; }

    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    internal AkkaConfigurationBuilder Builder { get; }

    public LoggerConfigBuilder AddLogger<T>()
        where T : IRequiresMessageQueue<ILoggerMessageQueueSemantics>
    {
        _loggers.Add(typeof(T));
        return this;
    }

    public LoggerConfigBuilder ClearLoggers()
    {
        _loggers.Clear();
        return this;
    }

    internal Config ToConfig() => ConfigurationFactory.ParseString($"""
        akka.loglevel = {LogLevel.ToString().Replace("Level", "").ToUpperInvariant()}
        akka.loggers = [{string.Join(", ", _loggers.Select(logger => $"\"{logger.AssemblyQualifiedName}\""))}]
        akka.log-config-on-start = {LogConfigOnStart.ToHocon()}
        """);
}

/// <summary>Sets the loggers of an actor system.</summary>
public static class LoggingExtensions
{
    public static LoggerConfigBuilder AddDefaultLogger(this LoggerConfigBuilder configBuilder) => configBuilder.AddLogger<DefaultLogger>();

    /// <summary>Logs to the logger factory of the container.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder) => configBuilder.AddLogger<LoggerFactoryLogger>();

    /// <summary>Logs to the given logger factory.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder configBuilder, ILoggerFactory loggerFactory)
    {
        configBuilder.Builder.Add(new LoggerFactorySetup(loggerFactory));
        return configBuilder.AddLoggerFactory();
    }

    public static AkkaConfigurationBuilder ConfigureLoggers(this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        var loggers = new LoggerConfigBuilder(builder);
        configurator(loggers);
        return builder.Add(loggers.ToConfig(), HoconAddMode.Prepend);
    }
}
