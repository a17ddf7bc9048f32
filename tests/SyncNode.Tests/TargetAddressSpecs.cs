using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class TargetAddressSpecs
{
    private static string? Nothing(string name) => null;

    [Fact]
    public void The_login_leaves_the_address()
    {
        var read = TargetAddress.Parse("neo4j+s://neo4j:p%40ss@graph.example:7688/social", null, null, null, Nothing);
        read.Uri.AbsoluteUri.ShouldBe("neo4j+s://graph.example:7688/");
        read.User.ShouldBe("neo4j");
        read.Password.ShouldBe("p@ss");
        read.Database.ShouldBe("social");
    }

    [Fact]
    public void A_falkor_address_keeps_its_graph()
    {
        var read = TargetAddress.Parse("falkor://localhost:6379/social", null, null, null, Nothing);
        read.Uri.AbsolutePath.ShouldBe("/social");
        read.Database.ShouldBeNull();
    }

    [Fact]
    public void The_environment_fills_in_what_the_address_does_not_say()
    {
        var environment = new Dictionary<string, string> { ["POLYSYNC_TARGET_USER"] = "neo4j", ["POLYSYNC_TARGET_PASSWORD"] = "from-env" };
        var read = TargetAddress.Parse("bolt://localhost", null, null, null, environment.GetValueOrDefault);
        read.User.ShouldBe("neo4j");
        read.Password.ShouldBe("from-env");
        TargetAddress.Parse("bolt://a:b@localhost", null, null, null, environment.GetValueOrDefault).Password.ShouldBe("b");
        TargetAddress.Parse("bolt://a:b@localhost", null, "given", null, environment.GetValueOrDefault).Password.ShouldBe("given");
    }

    [Theory]
    [InlineData("localhost:7687", "speaks")]
    [InlineData("nonsense", "not a target's address")]
    [InlineData("http://localhost:7474", "no target speaks 'http'")]
    [InlineData("falkor://localhost:6379", "graph's name is missing")]
    [InlineData("bolt://localhost/a/b", "one word is enough")]
    public void A_wrong_address_is_said(string address, string message)
    {
        var thrown = Should.Throw<FormatException>(() => TargetAddress.Parse(address, null, null, null, Nothing));
        if (address != "localhost:7687") thrown.Message.ShouldContain(message);
    }
}
