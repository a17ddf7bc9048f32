using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using PolyglotSync.SyncNode.Hosting;
using Shouldly;
using Xunit;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace PolyglotSync.SyncNode.Tests.Hosting;

public sealed class ActorLogSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly Loggers _loggers = new();
    private ActorSystem _system = null!;

    public Task InitializeAsync()
    {
        var config = ConfigurationFactory.ParseString($"akka {{ loglevel = DEBUG, loggers = [\"{typeof(ActorLog).AssemblyQualifiedName}\"] }}");
        _system = ActorSystem.Create("log", BootstrapSetup.Create().WithConfig(config).And(new LoggerFactorySetup(_loggers)));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _loggers.Dispose();
    }

    [Fact]
    public async Task What_an_actor_logs_is_the_node_s_under_its_class_and_level_without_time_or_path()
    {
        var cause = new InvalidOperationException("a bug");
        var log = Logging.GetLogger(_system, typeof(ActorLogSpecs));
        log.Debug("debug {0}", 1);
        log.Info("Pipeline {0} runs again", "shop");
        log.Warning("careful");
        log.Error(cause, "Pipeline {0} failed", "shop");
        await EventuallyAsync(() => Mine().Length == 4);

        Mine().ShouldBe(
        [
            (LogLevel.Debug, "debug 1", null), (LogLevel.Information, "Pipeline shop runs again", null), (LogLevel.Warning, "careful", null), (LogLevel.Error, "Pipeline shop failed", cause),
        ]);
        _loggers.Created.Count(name => name == typeof(ActorLogSpecs).FullName).ShouldBe(1, "one logger a class");
    }

    private (LogLevel Level, string Text, Exception? Cause)[] Mine() => [.. _loggers.Lines.Where(l => l.Source == typeof(ActorLogSpecs).FullName).Select(l => (l.Level, l.Text, l.Cause))];

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var bounded = new CancellationTokenSource(Soon);
        while (!condition())
        {
            bounded.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Loggers : ILoggerFactory
    {
        public ConcurrentQueue<(string Source, LogLevel Level, string Text, Exception? Cause)> Lines { get; } = new();

        public ConcurrentQueue<string> Created { get; } = new();

        public ILogger CreateLogger(string categoryName)
        {
            Created.Enqueue(categoryName);
            return new Logger(this, categoryName);
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Logger(Loggers loggers, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            loggers.Lines.Enqueue((source, logLevel, formatter(state, exception), exception));
    }
}
