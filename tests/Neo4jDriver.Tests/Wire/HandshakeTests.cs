using Neo4j.Driver.Internal.Bolt;
using Shouldly;
using Xunit;

namespace PolyglotSync.Neo4jDriver.Tests.Wire;

public class HandshakeTests
{
    [Fact]
    public void The_handshake_offers_5_4_to_5_0_and_4_4() => BoltVersion.Handshake.ToArray().ShouldBe(
        [0x60, 0x60, 0xB0, 0x17, 0, 4, 4, 5, 0, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0]);

    [Theory]
    [InlineData(4, 5)]
    [InlineData(0, 5)]
    [InlineData(4, 4)]
    public void An_offered_version_is_taken(byte minor, byte major) =>
        BoltVersion.Agreed([0, 0, minor, major]).ShouldBe(new BoltVersion(major, minor));

    [Fact]
    public void No_common_version_and_a_web_server_are_told_apart()
    {
        Should.Throw<NotSupportedException>(() => BoltVersion.Agreed([0, 0, 0, 0])).Message.ShouldContain("none of the Bolt versions");
        Should.Throw<NotSupportedException>(() => BoltVersion.Agreed("HTTP"u8)).Message.ShouldContain("HTTP");
        Should.Throw<NotSupportedException>(() => BoltVersion.Agreed([0, 0, 9, 5])).Message.ShouldContain("5.9");
    }
}
