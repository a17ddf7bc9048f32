using Akka.Configuration;
using Akka.Streams.Kafka.Messages;
using Akka.Streams.Kafka.Settings;
using Confluent.Kafka;

namespace StandIns.Tests.Kafka;

public sealed class SettingsSpecs
{
    private static readonly Akka.Configuration.Config Own = ConfigurationFactory.ParseString("""
        akka.kafka.consumer {
          poll-timeout = 20ms
          kafka-clients { bootstrap.servers = "a:1,b:2", fetch.wait.max.ms = 10 }
        }
        """).WithFallback(KafkaExtensions.DefaultSettings);

    private static ConsumerSettings<Null, byte[]> Consumer => ConsumerSettings<Null, byte[]>.Create(Own.GetConfig("akka.kafka.consumer"), Deserializers.Null, Deserializers.ByteArray);

    [Fact]
    public void What_is_not_said_is_as_in_the_reference()
    {
        Consumer.PollTimeout.ShouldBe(TimeSpan.FromMilliseconds(20));
        Consumer.StopTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        Consumer.BufferSize.ShouldBe(128);
        Consumer.PartitionHandlerWarning.ShouldBe(TimeSpan.FromSeconds(5));
        var producer = ProducerSettings<Null, byte[]>.Create(Own.GetConfig("akka.kafka.producer"), Serializers.Null, Serializers.ByteArray);
        producer.Parallelism.ShouldBe(100);
        producer.FlushTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        producer.Properties.ShouldBeEmpty();
    }

    [Fact]
    public void Properties_of_librdkafka_get_their_dots_back()
    {
        Consumer.GetProperty("bootstrap.servers").ShouldBe("a:1,b:2");
        Consumer["fetch.wait.max.ms"].ShouldBe("10");
        Consumer.GetProperty("enable.auto.commit").ShouldBe("false");
        Consumer.GetProperty("unknown").ShouldBeNull();
    }

    [Fact]
    public void A_change_makes_new_settings_and_leaves_the_old_ones()
    {
        var changed = Consumer.WithGroupId("g").WithProperties([new("client.id", "c")]).WithConsumerConfig(new ConsumerConfig { FetchMinBytes = 7 });
        changed.GroupId.ShouldBe("g");
        changed.GetProperty("client.id").ShouldBe("c");
        changed.GetProperty("fetch.min.bytes").ShouldBe("7");
        changed.GetProperty("fetch.wait.max.ms").ShouldBe("10");
        Consumer.GroupId.ShouldBeNull();
    }

    [Fact]
    public void A_missing_section_is_an_error() =>
        Should.Throw<ArgumentNullException>(() => ConsumerSettings<Null, byte[]>.Create((Akka.Configuration.Config?)null!, Deserializers.Null, Deserializers.ByteArray));

    [Fact]
    public void Records_are_equal_by_their_parts()
    {
        var message = new Message<string, string> { Key = "k", Value = "v" };
        new ProducerRecord<string, string>("t", 1, message).ShouldBe(new ProducerRecord<string, string>(new TopicPartition("t", 1), message));
        new ProducerRecord<string, string>("t", "k", "v").ShouldNotBe(new ProducerRecord<string, string>("u", "k", "v"));
        Should.Throw<ArgumentException>(() => new ProducerRecord<string, string>("t", -1, message));
    }
}
