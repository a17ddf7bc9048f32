using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StandIns.Tests.Sharding;

public sealed class ClusterHostingSpecs
{
    [Fact]
    public async Task A_hosted_region_takes_messages_under_its_key()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("hosted", (akka, _) => akka
            .WithRemoting("localhost", 0)
            .WithClustering(new ClusterOptions { Roles = ["sync"] })
            .WithShardRegion<Entity>(
                "entities",
                (_, _, resolver) => id => resolver.Props<Entity>(id),
                HashCodeMessageExtractor.Create(10, message => (message as Parcel)?.Id, message => ((Parcel)message).Content),
                new ShardOptions { StateStoreMode = StateStoreMode.DData, ShouldPassivateIdleEntities = false }));
        using var host = builder.Build();

        await host.StartAsync();
        var cluster = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());
        cluster.Join(cluster.SelfAddress);
        cluster.SelfRoles.ShouldBe(["sync"]);
        var region = host.Services.GetRequiredService<IRequiredActor<Entity>>().ActorRef;
        (await region.Ask<string>(new Parcel("7", "who"), TimeSpan.FromSeconds(30))).ShouldBe("7");
        await host.StopAsync();
    }

    private sealed class Entity(string id) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(id);
    }
}
