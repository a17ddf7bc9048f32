using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Tests.Connecting;

public sealed class KafkaFailuresSpecs
{
    [Theory]
    [InlineData(ErrorCode.NotLeaderForPartition, FailureClass.Transient, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.Local_AllBrokersDown, FailureClass.Transient, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.Local_MsgTimedOut, FailureClass.Transient, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.RebalanceInProgress, FailureClass.Transient, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.Local_Fatal, FailureClass.Transient, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.SaslAuthenticationFailed, FailureClass.Fatal, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.Local_Ssl, FailureClass.Fatal, ExitCode.BrokerUnavailable)]
    [InlineData(ErrorCode.UnknownTopicOrPart, FailureClass.Fatal, ExitCode.BrokerUnfit)]
    [InlineData(ErrorCode.OffsetOutOfRange, FailureClass.Fatal, ExitCode.BrokerUnfit)]
    [InlineData(ErrorCode.TopicAuthorizationFailed, FailureClass.Fatal, ExitCode.BrokerUnfit)]
    [InlineData(ErrorCode.MsgSizeTooLarge, FailureClass.Fatal, ExitCode.BrokerUnfit)]
    [InlineData(ErrorCode.InconsistentGroupProtocol, FailureClass.Fatal, ExitCode.BrokerUnfit)]
    [InlineData(ErrorCode.ProducerFenced, FailureClass.Fenced, ExitCode.Fenced)]
    public void An_error_code_has_its_class(ErrorCode code, FailureClass expected, ExitCode exit)
    {
        var failure = KafkaFailures.Of(new Error(code), "broker:9092");
        failure.Class.ShouldBe(expected);
        failure.ExitCode.ShouldBe(exit);
        failure.Message.ShouldStartWith("Kafka broker:9092: ");
    }

    [Fact]
    public void Brokers_that_have_just_started_are_waited_for_before_topics_are_made()
    {
        KafkaFailures.Of(new Error(ErrorCode.InvalidReplicationFactor, "Unable to replicate the partition 1 time(s): All brokers are currently fenced."), "b").Class.ShouldBe(FailureClass.Transient);
        KafkaFailures.Of(new Error(ErrorCode.InvalidReplicationFactor, "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered."), "b")
            .Class.ShouldBe(FailureClass.Fatal);
    }

    [Fact]
    public void Every_error_code_has_a_message()
    {
        foreach (var code in Enum.GetValues<ErrorCode>().Where(c => c != ErrorCode.NoError))
        {
            KafkaFailures.Of(new Error(code), "b").Message.Length.ShouldBeGreaterThan("Kafka b: ".Length, code.ToString());
        }
    }

    [Fact]
    public void A_timeout_is_explained_by_what_was_heard_before()
    {
        var heard = new BrokerTrouble();
        heard.Hear(new Error(ErrorCode.Local_Authentication, "SASL authentication error: Authentication failed"));
        heard.Hear(new Error(ErrorCode.Local_AllBrokersDown, "1/1 brokers are down"));
        var failure = KafkaFailures.Classify(new KafkaException(new Error(ErrorCode.Local_TimedOut)), "b", heard);
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain("the login is refused: SASL authentication error: Authentication failed; check sasl.mechanism");
        heard.Clear();
        KafkaFailures.Classify(new KafkaException(new Error(ErrorCode.Local_TimedOut)), "b", heard).Class.ShouldBe(FailureClass.Transient);
    }

    [Theory]
    [InlineData(ErrorCode.Local_Ssl, "SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener? (after 3ms in state SSL_HANDSHAKE)", "the listener does not speak TLS")]
    [InlineData(ErrorCode.Local_Ssl, "SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading", "the listener does not speak TLS")]
    [InlineData(ErrorCode.Local_Transport, "Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol configuration (connecting to a SSL listener?)", "set security.protocol")]
    public void A_connection_that_is_cut_short_may_be_a_broker_that_goes(ErrorCode code, string reason, string advice)
    {
        var failure = KafkaFailures.Of(new Error(code, reason), "b");
        failure.Class.ShouldBe(FailureClass.Transient);
        failure.Message.ShouldContain(advice);
    }

    [Theory]
    [InlineData(ErrorCode.Local_Ssl, "SSL handshake failed: error:0A00010B:SSL routines::wrong version number", "the listener does not speak TLS")]
    [InlineData(ErrorCode.Local_Ssl, "SSL handshake failed: certificate verify failed", "the broker's certificate is not trusted")]
    [InlineData(ErrorCode.Local_Transport, "ssl://h:1/bootstrap: Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate: SSL alert number 42", "ssl.certificate.location")]
    [InlineData(ErrorCode.Local_Ssl, "SSL handshake failed: error:0A000418:SSL routines::tlsv1 alert unknown ca: SSL alert number 48", "ssl.certificate.location")]
    [InlineData(ErrorCode.Local_Authentication, "SASL authentication error: SaslHandshake failed: Broker: Request not valid in current SASL state", "the listener asks for no login: set security.protocol")]
    public void Tls_that_does_not_match_says_which_side_is_wrong(ErrorCode code, string reason, string advice)
    {
        var failure = KafkaFailures.Of(new Error(code, reason), "b");
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldContain(advice);
    }

    [Fact]
    public void A_missing_library_says_how_to_get_it() =>
        KafkaFailures.Classify(new TypeInitializationException("Librdkafka", new DllNotFoundException("librdkafka")), "b").Message.ShouldContain("apt-get install librdkafka1");
}
