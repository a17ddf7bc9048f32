using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Tests.Topics;

public sealed class TopicNamesSpecs
{
    private readonly TopicNames _names = new(new KafkaSettings { BootstrapServers = "localhost:9092", Prefix = "shop" });

    private string[] Problems(params string[] tables) =>
        Should.Throw<PipelineFailure>(() => _names.Of([.. tables.Select(TableName.Parse)])).Message.Split('\n');

    [Fact]
    public void A_tables_topic_is_named_as_debezium_names_it()
    {
        _names.Of(new TableName("public", "users")).ShouldBe("shop.public.users");
        _names.Cuts.ShouldBe("shop.__cuts");
        _names.Dead.ShouldBe("shop.__dead");
    }

    [Theory]
    [InlineData("Order Lines", "shop.public.Order_Lines")]
    [InlineData("größe", "shop.public.gr__e")]
    [InlineData("a$b", "shop.public.a_b")]
    [InlineData("a-b.c", "shop.public.a-b.c")]
    public void What_kafkas_alphabet_lacks_becomes_an_underscore(string table, string topic)
    {
        _names.Of(new TableName("public", table)).ShouldBe(topic);
        TopicNames.IsLegal(topic).ShouldBeTrue();
    }

    [Fact]
    public void Tables_that_would_share_a_topic_are_named_together() =>
        Problems("public.a b", "public.a_b", "public.c").ShouldHaveSingleItem().ShouldStartWith("table public.a b and table public.a_b would share the topic shop.public.a_b (");

    [Fact]
    public void A_dot_and_an_underscore_are_the_same_to_kafka() =>
        Problems("public_x.y", "public.x_y").ShouldHaveSingleItem().ShouldStartWith("table public.x_y and table public_x.y would share the topic");

    [Fact]
    public void All_problems_are_said_at_once()
    {
        var problems = Problems("public.a b", "public.a_b", $"public.{new string('x', 250)}", "_.cuts");
        problems.Length.ShouldBe(3);
        problems.ShouldContain(p => p.StartsWith("table _.cuts and the cuts would share", StringComparison.Ordinal) || p.StartsWith("the cuts and table _.cuts would share", StringComparison.Ordinal));
        problems.ShouldContain(p => p.Contains("a name of 262 characters, Kafka takes 249"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a.b_c-1", true)]
    public void Kafka_takes_what_is_legal(string name, bool legal) => TopicNames.IsLegal(name).ShouldBe(legal);
}
