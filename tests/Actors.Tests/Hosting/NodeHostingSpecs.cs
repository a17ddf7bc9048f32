using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Incidents;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Tests.Fakes;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests.Hosting;

/// <summary>What a host makes of the rooms, and in what order it takes them down.</summary>
public sealed class NodeHostingSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private const string Hocon = """
        akka {
          loglevel = WARNING
          persistence {
            journal.plugin = "akka.persistence.journal.inmem"
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            snapshot-store.inmem.class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
          }
        }
        """;

    private readonly FakeFactory _factory = new();
    private readonly FakeIncidents _incidents = new();
    private readonly FakeCapture _capture = new();
    private IHost _host = null!;

    public async Task InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddAkka("node", akka => akka
            .AddHocon(ConfigurationFactory.ParseString(Hocon), HoconAddMode.Prepend)
            .WithIncidents(_ => _incidents, TimeProvider.System)
            .WithCaptures(_ => _capture, TimeProvider.System)
            .WithPipelines(_factory, TimeProvider.System));
        _host = builder.Build();
        await _host.StartAsync();
    }

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_host_that_stops_drains_pipelines_and_captures_and_then_stores_their_incidents()
    {
        var registry = ActorRegistry.For(_host.Services.GetRequiredService<ActorSystem>());
        var (pipelines, captures, incidents) = (registry.Get<PipelinesActor>(), registry.Get<CapturesActor>(), registry.Get<IncidentsActor>());
        new[] { pipelines, captures, incidents }.Select(actor => actor.Path.Name).ShouldBe(["pipelines", "captures", "incidents"]);
        var order = new List<string>();
        _incidents.Before = () =>
        {
            lock (order) order.Add("incident");
            return Task.CompletedTask;
        };
        (await pipelines.Ask<PipelineStarted>(new StartPipeline(Settings.Of()), Soon)).Pipeline.ShouldBe("shop");
        captures.Tell(new StartCapture(Settings.Of()));
        _factory.Source.Put(new Rows(100).Insert(1, "a").Batch());
        await pipelines.Ask<WatermarkAnswer>(new WaitForWatermark("shop", new Lsn(108), Soon), Soon);
        await captures.Ask<PipelinesAnswer>(GetPipelines.Instance, Soon);

        await _host.StopAsync();

        (_factory.Target.State.Position, _capture.IsAskedToStop, _capture.IsDisposed).ShouldBe((Position.EndOf(new Lsn(100)), true, true));
        _factory.Source.IsDisposed.ShouldBeTrue();
        lock (order) order.ShouldNotBeEmpty("that this run has begun closes what an earlier one left open");
        _incidents.Calls.ShouldContain("close");
    }
}
