using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Clustering;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ClusterReaderSpecs
{
    [Fact]
    public void Without_a_word_a_node_is_a_cluster_of_one_that_only_its_own_machine_reaches()
    {
        var settings = Read([], []);
        (settings.Host, settings.Port, settings.PublicHost, settings.MinimumMembers, settings.SplitBrain, settings.StableAfter).ShouldBe(("127.0.0.1", 4053, null, 1, SplitBrain.KeepMajority, TimeSpan.FromSeconds(10)));
        settings.SeedAddresses.ShouldBeEmpty();
    }

    [Fact]
    public void An_option_counts_more_than_its_variable()
    {
        var settings = Read(
            new() { ["port"] = "5000", ["split-brain"] = "static-quorum", ["quorum"] = "2", ["insecure"] = "true" },
            new()
            {
                ["POLYSYNC_CLUSTER_HOST"] = "0.0.0.0", ["POLYSYNC_CLUSTER_PUBLIC_HOST"] = "node-1.internal", ["POLYSYNC_CLUSTER_PORT"] = "6000", ["POLYSYNC_CLUSTER_ROLES"] = "blue, west",
                ["POLYSYNC_CLUSTER_SEEDS"] = "node-1.internal:5000, node-2.internal", ["POLYSYNC_CLUSTER_MIN_MEMBERS"] = "2", ["POLYSYNC_CLUSTER_STABLE_AFTER"] = "1500ms",
            });
        (settings.Host, settings.Port, settings.PublicHost, settings.Quorum, settings.MinimumMembers).ShouldBe(("0.0.0.0", 5000, "node-1.internal", 2, 2));
        settings.StableAfter.ShouldBe(TimeSpan.FromSeconds(1.5));
        settings.Roles.ShouldBe(["blue", "west"]);
        settings.SeedAddresses.ShouldBe(["akka.tcp://polysync@node-1.internal:5000", "akka.tcp://polysync@node-2.internal:4053"]);
    }

    [Fact]
    public void All_mistakes_are_said_at_once_where_they_were_made_with_what_to_do()
    {
        var failure = Should.Throw<PipelineFailure>(() => Read(
            new() { ["host"] = "10.0.0.7", ["port"] = "99999", ["seeds"] = "a:b:c:70000", ["split-brain"] = "static-quorum", ["certificate"] = "" },
            new() { ["POLYSYNC_CLUSTER_STABLE_AFTER"] = "soon", ["POLYSYNC_CLUSTER_ROLES"] = "Blue", ["POLYSYNC_CLUSTER_PUBLIC_HOST"] = "http://x" }));
        failure.ExitCode.ShouldBe(ExitCode.Usage);
        failure.Message.ShouldStartWith("the cluster's settings have 7 mistakes:\n");
        foreach (var part in (string[])["--cluster-port: '99999'", "POLYSYNC_CLUSTER_PUBLIC_HOST: 'http://x' is not a host", "--cluster-seeds: 'a:b:c:70000' is not HOST:PORT", "POLYSYNC_CLUSTER_ROLES: 'Blue'",
                     "POLYSYNC_CLUSTER_STABLE_AFTER: 'soon'", "--cluster-split-brain: static-quorum needs", "--cluster-host: the node would talk to the others in the clear on 10.0.0.7"])
            failure.Message.ShouldContain(part);
    }

    [Fact]
    public void Others_cannot_reach_every_address()
    {
        Should.Throw<PipelineFailure>(() => Read(new() { ["host"] = "0.0.0.0", ["insecure"] = "true" }, [])).Message.ShouldContain("--cluster-public-host");
        Should.Throw<PipelineFailure>(() => Read(new() { ["quorum"] = "2" }, [])).Message.ShouldContain("only static-quorum has a quorum");
        Should.Throw<PipelineFailure>(() => Read(new() { ["certificate"] = "/nowhere.pem" }, [])).Message.ShouldContain("--cluster-certificate: /nowhere.pem cannot be used");
    }

    [Fact]
    public void With_a_certificate_the_nodes_speak_tls()
    {
        using var certificate = new SelfSigned();
        var (_, writeCertificate, writeKey) = certificate.Make();
        writeCertificate();
        writeKey();
        var settings = Read(new() { ["host"] = "10.0.0.7", ["seeds"] = "10.0.0.7:4053", ["certificate"] = certificate.Certificate, ["key"] = certificate.Key }, []);
        settings.SeedAddresses.ShouldBe(["akka.ssl.tcp://polysync@10.0.0.7:4053"]);
    }

    [Fact]
    public void Of_two_manifests_the_later_counts_and_one_that_was_removed_is_offered_to_who_has_it()
    {
        var (early, late) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(1));
        SharedManifest[] own = [new("shop", late, "a"), new("social", early, "b"), new("crm", late, null), new("gone", late, null), new("new", early, "c")];

        ManifestVersion.Newer(own, [new("shop", early, null), new("social", late, null), new("crm", early, null)]).Select(m => m.Pipeline).ShouldBe(["shop", "crm", "new"]);
        ManifestVersion.Newer(own, [.. own]).ShouldBeEmpty();
        ManifestVersion.Next(early, late).ShouldBe(late.AddMilliseconds(1));
        ManifestVersion.Next(late, early).ShouldBe(late);
    }

    private static ClusterSettings Read(Dictionary<string, string> options, Dictionary<string, string> environment) =>
        new ClusterReader(name => options.GetValueOrDefault(name), name => environment.GetValueOrDefault(name)).Read();
}
