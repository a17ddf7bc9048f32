using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using LogLevel = Akka.Event.LogLevel;

namespace StandIns.Tests.Hosting;

public sealed class HostingSpecs
{
    [Fact]
    public async Task The_host_starts_the_actors_and_stops_them()
    {
        var stopped = new TaskCompletionSource();
        using var host = Build((akka, _) => akka.WithActors((system, registry) => registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo(stopped)), "echo"))));

        await host.StartAsync();
        var echo = host.Services.GetRequiredService<IActorRegistry>().Get<Echo>();
        (await echo.Ask<string>("hello", Eventually.Bound)).ShouldBe("hello");
        var system = host.Services.GetRequiredService<ActorSystem>();
        await host.StopAsync();
        await stopped.Task.WaitAsync(Eventually.Bound);
        await system.WhenTerminated.WaitAsync(Eventually.Bound);
    }

    [Fact]
    public async Task A_required_actor_is_injected()
    {
        using var host = Build((akka, _) => akka.WithActors((system, registry) => registry.Register<Echo>(system.ActorOf(Props.Create(() => new Echo(null))))));

        await host.StartAsync();
        var echo = host.Services.GetRequiredService<IRequiredActor<Echo>>();
        (await echo.ActorRef.Ask<string>("hello", Eventually.Bound)).ShouldBe("hello");
        (await echo.GetAsync()).ShouldBe(echo.ActorRef);
        await host.StopAsync();
    }

    [Fact]
    public async Task Actors_get_their_services_and_the_rest_of_their_arguments()
    {
        using var host = Build((akka, _) => akka.WithActors((system, registry, resolver) =>
            registry.Register<Greeter>(system.ActorOf(resolver.Props<Greeter>("Ada")))), services => services.AddSingleton(new Greeting("Good day")));

        await host.StartAsync();
        var greeter = await host.Services.GetRequiredService<ActorRegistry>().GetAsync<Greeter>();
        (await greeter.Ask<string>("greet", Eventually.Bound)).ShouldBe("Good day, Ada");
        await host.StopAsync();
    }

    [Fact]
    public async Task Hocon_that_is_prepended_wins_and_appended_fills_up()
    {
        using var host = Build((akka, _) => akka
            .AddHocon("my.a = 1, my.b = 1", HoconAddMode.Append)
            .AddHocon("my.a = 2", HoconAddMode.Prepend)
            .AddHocon("my.a = 3, my.b = 3, my.c = 3", HoconAddMode.Append));

        var config = host.Services.GetRequiredService<ActorSystem>().Settings.Config;
        new[] { config.GetInt("my.a"), config.GetInt("my.b"), config.GetInt("my.c") }.ShouldBe([2, 1, 3]);
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
    }

    [Fact]
    public async Task The_log_of_the_actors_goes_to_the_hosts()
    {
        var lines = new Lines();
        using var host = Build((akka, _) => akka.ConfigureLoggers(log =>
        {
            log.ClearLoggers();
            log.AddLoggerFactory();
            log.LogLevel = LogLevel.InfoLevel;
        }), services => services.AddLogging(log => log.AddProvider(lines)));

        await host.StartAsync();
        host.Services.GetRequiredService<ActorSystem>().Log.Info("one line for {0}", "the operator");
        await Eventually.True(() => lines.All.Any(line => line.Contains("one line for the operator")), "the line in the host's log");
        await host.StopAsync();
    }

    [Fact]
    public async Task A_starter_that_fails_fails_the_host()
    {
        using var host = Build((akka, _) => akka.WithActors((_, _) => throw new InvalidOperationException("no actors today")));

        (await Should.ThrowAsync<InvalidOperationException>(() => host.StartAsync())).Message.ShouldBe("no actors today");
    }

    [Fact]
    public async Task The_registry_refuses_a_taken_key_and_serves_those_who_wait()
    {
        using var host = Build((_, _) => { });
        var registry = host.Services.GetRequiredService<ActorRegistry>();
        var waiting = registry.GetAsync<Echo>();

        Should.Throw<MissingActorRegistryEntryException>(() => registry.Get<Echo>());
        registry.Register<Echo>(ActorRefs.Nobody);
        (await waiting.WaitAsync(Eventually.Bound)).ShouldBe(ActorRefs.Nobody);
        Should.Throw<DuplicateActorRegistryException>(() => registry.Register<Echo>(ActorRefs.Nobody));
        registry.TryRegister<Echo>(ActorRefs.NoSender).ShouldBeFalse();
        await host.Services.GetRequiredService<ActorSystem>().Terminate();
    }

    private static IHost Build(Action<AkkaConfigurationBuilder, IServiceProvider> akka, Action<IServiceCollection>? services = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        services?.Invoke(builder.Services);
        builder.Services.AddAkka("hosted", akka);
        return builder.Build();
    }

    private sealed class Echo(TaskCompletionSource? stopped) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);

        protected override void PostStop() => stopped?.SetResult();
    }

    private sealed record Greeting(string Words);

    private sealed class Greeter(Greeting greeting, string name) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell($"{greeting.Words}, {name}");
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
