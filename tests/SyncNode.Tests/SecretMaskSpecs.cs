using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Manifests.Secrets;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class SecretMaskSpecs
{
    private const string Manifest = """
        # the old one was postgres://shop:s3cret@old/shop
        pipeline: shop   # password: s3cret
        source:
          dsn: postgres://shop:s3cret@db:5432/shop?sslpassword=s3cret
        target: { uri: "bolt://neo4j:s3cret@graph:7687", password: 's3cret' }
        kafka:
          bootstrap_servers: a:9092
          properties:
            sasl.username: shop
            sasl.password: s3cret
            ssl.key.pem: |
              -----BEGIN
              s3cret
        limits: { writers: 2 }
        """;

    [Fact]
    public void Passwords_are_masked_wherever_they_stand_and_the_rest_stays()
    {
        var masked = SecretMask.Apply(Manifest);
        masked.ShouldNotContain("s3cret");
        masked.ShouldContain("postgres://shop:********@db:5432/shop?sslpassword=********");
        masked.ShouldContain("# the old one was postgres://shop:********@old/shop");
        masked.ShouldContain("pipeline: shop   # password: ********");
        masked.ShouldContain("password: \"********\" }");
        masked.ShouldContain("sasl.username: shop");
        masked.ShouldContain("ssl.key.pem: \"********\"\nlimits: { writers: 2 }");
        YamlTree.Parse(new StringReader(masked)).ShouldBeOfType<YamlMap>().Entries.Select(e => e.Key.Value).ShouldBe(["pipeline", "source", "target", "kafka", "limits"]);
    }

    [Theory]
    [InlineData("postgres://shop:${SHOP_PASSWORD}@db/shop")]
    [InlineData("postgres://shop:${file:/run/secrets/shop}@db/shop")]
    [InlineData("postgres://shop@db/shop")]
    [InlineData("Host=db;Username=shop;Password=${SHOP_PASSWORD};Database=shop")]
    public void Placeholders_stay_as_they_are_written(string dsn)
    {
        var text = $"# SHOP_PASSWORD: the source's password\nsource:\n  dsn: {dsn}   # see ops\ntarget: {{ password: \"${{P}}\" }}\n";
        SecretMask.Apply(text).ShouldBe(text);
    }

    [Theory]
    [InlineData("postgres://shop:${PW:-s3cret}@db/shop", "postgres://shop:${PW:-********}@db/shop")]
    [InlineData("postgres://shop:s3:c@ret/@db/shop", "postgres://shop:********@db/shop")]
    [InlineData("postgres://shop:s3cret${PW}@db/shop", "postgres://shop:********@db/shop")]
    [InlineData("Host=db;Password='s3;cret';Database=shop", "Host=db;Password=********;Database=shop")]
    [InlineData("Host=db;SSL Password=s3cret", "Host=db;SSL Password=********")]
    [InlineData("host=db password=s3cret", "host=db password=********")]
    public void A_password_of_any_shape_is_hidden(string address, string hidden) => SecretMask.HiddenIn(address).ShouldBe(hidden);

    [Fact]
    public void An_anchored_password_is_masked_where_it_stands()
    {
        var masked = SecretMask.Apply("target: { user: x, password: &p s3cret }\nkafka: { properties: { sasl.password: *p } }\n");
        masked.ShouldBe("target: { user: x, password: &p \"********\" }\nkafka: { properties: { sasl.password: *p } }\n");
    }

    [Fact]
    public void A_mask_that_comes_back_is_a_mistake_with_its_place()
    {
        var failure = Should.Throw<PipelineFailure>(() => new ManifestReader(_ => null, dsn => dsn).Read(SecretMask.Apply(Manifest), "shop.yaml", Path.GetTempPath()));
        failure.Message.ShouldContain("shop.yaml:4:8: the password in 'source.dsn' is the mask");
        failure.Message.ShouldContain("'target.uri'");
        failure.Message.ShouldContain("'kafka.properties.sasl.password'");
    }
}
