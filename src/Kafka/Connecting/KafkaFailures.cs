using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace PolyglotSync.Kafka.Connecting;

/// <summary>What a failure of the broker means: goes away by itself, or needs a person, and what that person has to do.</summary>
public static class KafkaFailures
{
    /// <summary>2.6.1, which sends the nonce once, as Kafka 4 wants it.</summary>
    private const int FirstWithScram = 0x020601ff;

    /// <param name="where">The bootstrap servers, or broker and topic.</param>
    /// <param name="heard">What the client's error handler heard lately: a timeout says nothing of its cause, this does.</param>
    public static PipelineFailure Classify(Exception failure, string where, BrokerTrouble? heard = null) => failure switch
    {
        PipelineFailure known => known,
        CreateTopicsException e when e.Results.Find(r => r.Error.IsError) is { } first => Of(first.Error, $"{where}, topic '{first.Topic}'", e, heard),
        DescribeConfigsException e when e.Results.Find(r => r.Error.IsError) is { } first => Of(first.Error, $"{where}, {first.ConfigResource}", e, heard),
        KafkaException e => Of(e.Error, where, e, heard),
        _ when IsMissingLibrary(failure) => Unavailable(FailureClass.Fatal, where, "librdkafka cannot be loaded; run './polysync setup', or as root: apt-get install librdkafka1", failure),
        // the builders' way to say that a property is unknown or a file of keys cannot be read
        InvalidOperationException or ArgumentException => Unfit(where, $"{failure.Message.TrimEnd('.')}; correct it under kafka.properties", failure),
        TimeoutException or OperationCanceledException => Unavailable(FailureClass.Transient, where, "the broker did not answer in time", failure),
        _ => new PipelineFailure(FailureClass.Fatal, $"Kafka {where}: {failure.Message}", failure),
    };

    /// <summary>What streams wrap: the client's own exception, or the failure that one of ours threw.</summary>
    internal static Exception Cause(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
            if (e is KafkaException or PipelineFailure) return e;
        return failure;
    }

    /// <summary>An error without an exception: of a delivery report or an error handler.</summary>
    public static PipelineFailure Of(Error error, string where, Exception? inner = null, BrokerTrouble? heard = null)
    {
        // a timeout or "all brokers down" is the symptom; the cause was heard before
        if (error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_MsgTimedOut
            && heard?.Worst is { } cause)
        {
            error = cause;
        }
        return error.Code switch
        {
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed =>
                Unavailable(FailureClass.Fatal, where, Login(error), inner),
            ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState =>
                Unavailable(FailureClass.Fatal, where, $"{Reason(error)}; the broker does not take this sasl.mechanism, choose one that its listener offers", inner),
            ErrorCode.Local_Ssl or ErrorCode.Local_Transport when IsOurCertificateRefused(error) => Unavailable(FailureClass.Fatal, where,
                $"{Reason(error)}; the broker wants a certificate of ours, or another one: set ssl.certificate.location and ssl.key.location under kafka.properties", inner),
            // the one code up to librdkafka 2.0, the other later
            ErrorCode.Local_Ssl or ErrorCode.Local_Transport when error.Code is ErrorCode.Local_Ssl || IsPlainListener(error) => Unavailable(IsCutShort(error) ? FailureClass.Transient : FailureClass.Fatal, where, Tls(error), inner),
            ErrorCode.Local_Transport when IsCutShort(error) => Unavailable(FailureClass.Transient, where,
                $"{Reason(error)}; where it stays so the listener speaks another protocol: set security.protocol under kafka.properties to that of the listener (ssl, sasl_ssl, sasl_plaintext)", inner),
            // a broker that goes at the wrong moment looks the same: no reason to give up
            ErrorCode.Local_Transport when error.Reason.Contains("might require SASL", StringComparison.Ordinal) => Unavailable(FailureClass.Transient, where,
                $"{Reason(error)}; where the listener wants a login set security.protocol under kafka.properties (sasl_ssl, sasl_plaintext)", inner),
            ErrorCode.Local_Resolve => Unavailable(FailureClass.Transient, where,
                $"{Reason(error)}; check kafka.bootstrap_servers, and that the names in the broker's advertised.listeners can be resolved from here", inner),
            ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.BrokerNotAvailable or ErrorCode.NetworkException =>
                Unavailable(FailureClass.Transient, where, $"{Reason(error)}; is Kafka running there, and are host and port right?", inner),
            ErrorCode.TopicAuthorizationFailed => Unfit(where, $"{Reason(error)}; give our user the rights Create, Describe, DescribeConfigs, Read and Write on topics of our prefix", inner),
            ErrorCode.GroupAuthorizationFailed => Unfit(where, $"{Reason(error)}; give our user the right Read on the consumer group (kafka.group_id)", inner),
            ErrorCode.InconsistentGroupProtocol => Unfit(where,
                $"{Reason(error)}; members of the consumer group share partitions in another way: another pipeline has this group, name one of its own in kafka.group_id", inner),
            ErrorCode.ClusterAuthorizationFailed => Unfit(where, $"{Reason(error)}; give our user the right Create on the cluster, or make the topics beforehand", inner),
            ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.ResourceNotFound => Unfit(where,
                $"{Reason(error)}; the topic or partition is not there: it was deleted, or the prefix is another. What it held cannot be read again: copy the source anew",
                // whoever asks the broker again must know what it was
                inner ?? new KafkaException(error)),
            ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset => Unfit(where,
                $"{Reason(error)}; the offset that the graph has reached is not in the topic any more, retention was faster than we: raise kafka.retention_ms, and copy the source anew", inner),
            ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge => Unfit(where,
                $"a message is too large ({Reason(error)}); raise kafka.max_message_bytes, and max.message.bytes of topics that were made before", inner),
            // brokers that have just started are known to the controller before they may hold anything
            ErrorCode.InvalidReplicationFactor when error.Reason.Contains("brokers are currently fenced", StringComparison.Ordinal) => Unavailable(FailureClass.Transient, where, Reason(error), inner),
            ErrorCode.PolicyViolation or ErrorCode.InvalidConfig or ErrorCode.InvalidReplicationFactor or ErrorCode.InvalidPartitions =>
                Unfit(where, $"{Reason(error)}; the broker does not make topics so: change kafka.partitions, replication_factor or retention_ms", inner),
            ErrorCode.TopicException => Unfit(where, $"{Reason(error)}; the topic's name is not a legal one, change kafka.prefix", inner),
            ErrorCode.UnsupportedVersion or ErrorCode.UnsupportedForMessageFormat or ErrorCode.Local_UnsupportedFeature =>
                Unfit(where, $"{Reason(error)}; the broker is too old, 2.1 or later is needed", inner),
            ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced or ErrorCode.FencedInstanceId or ErrorCode.TransactionCoordinatorFenced =>
                new PipelineFailure(FailureClass.Fenced, $"Kafka {where}: {Reason(error)}; another node has taken over, stop one of the two", inner) { ExitCode = ExitCode.Fenced },
            _ when GoesAway(error.Code) => Unavailable(FailureClass.Transient, where, Reason(error), inner),
            _ => Unfit(where, $"{Reason(error)} ({error.Code})", inner),
        };
    }

    public static PipelineFailure Unfit(string where, string message, Exception? inner = null) =>
        new(FailureClass.Fatal, $"Kafka {where}: {message}", inner) { ExitCode = ExitCode.BrokerUnfit };

    private static PipelineFailure Unavailable(FailureClass failureClass, string where, string message, Exception? inner) =>
        new(failureClass, $"Kafka {where}: {message}", inner) { ExitCode = ExitCode.BrokerUnavailable };

    /// <summary>Leaders that move, groups that form, replicas that lag; and a producer that has to be made anew: what it repeats is dropped by (LSN, index).</summary>
    private static bool GoesAway(ErrorCode code) => code is
        ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.RequestTimedOut or ErrorCode.ReplicaNotAvailable or ErrorCode.StaleCtrlEpoch
        or ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup or ErrorCode.NotEnoughReplicas
        or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress or ErrorCode.NotController
        or ErrorCode.KafkaStorageError or ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch or ErrorCode.FencedLeaderEpoch
        or ErrorCode.UnknownLeaderEpoch or ErrorCode.StaleBrokerEpoch or ErrorCode.OffsetNotAvailable or ErrorCode.PreferredLeaderNotAvailable or ErrorCode.MemberIdRequired
        or ErrorCode.ThrottlingQuotaExceeded or ErrorCode.InvalidMsg or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId
        or ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_QueueFull or ErrorCode.Local_IsrInsuff or ErrorCode.Local_WaitCoord
        or ErrorCode.Local_WaitCache or ErrorCode.Local_Destroy or ErrorCode.Local_Outdated or ErrorCode.Local_Intr or ErrorCode.Local_Retry or ErrorCode.Local_PurgeQueue
        or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Fatal or ErrorCode.Local_MaxPollExceeded or ErrorCode.Local_AssignmentLost or ErrorCode.Local_UnknownBroker
        or ErrorCode.Local_NodeUpdate or ErrorCode.Local_BadMsg;

    /// <summary>librdkafka's sentence, without the hints for its own configuration's names that we say better.</summary>
    private static string Reason(Error error)
    {
        var reason = error.Reason.Split(": Verify that", 2)[0].Split(" (after ", 2)[0].Trim().TrimEnd('.', ':');
        return reason.Length == 0 ? error.Code.GetReason() : reason;
    }

    private static string Login(Error error)
    {
        var reason = Reason(error);
        if (IsLoginUnasked(error)) return $"{reason}; the listener asks for no login: set security.protocol under kafka.properties to that of the listener, or name the port of the one with SASL";
        var refused = $"the login is refused: {reason}; check sasl.mechanism, sasl.username and sasl.password under kafka.properties";
        return error.Reason.Contains("SCRAM", StringComparison.Ordinal) && Library.Version < FirstWithScram
            ? $"{refused}. If they are right: this is librdkafka {Library.VersionString}, and before 2.6.1 it cannot log in by SCRAM at Kafka 4 (librdkafka, pull request 4895); install a newer one, or take PLAIN over TLS" : refused;
    }

    /// <summary>A listener without SASL answers its handshake so.</summary>
    private static bool IsLoginUnasked(Error error) => error.Reason.Contains("not valid in current SASL state", StringComparison.OrdinalIgnoreCase)
        || error.Reason.Contains("handshake is not enabled", StringComparison.OrdinalIgnoreCase);

    private static string Tls(Error error)
    {
        var reason = Reason(error);
        if (reason.Contains("PLAINTEXT broker listener", StringComparison.Ordinal) || reason.Contains("wrong version number", StringComparison.Ordinal)
            || reason.Contains("unexpected eof", StringComparison.Ordinal))
        {
            return $"{reason}; the listener does not speak TLS: take security.protocol out of kafka.properties, or name the port of the TLS listener";
        }
        return reason.Contains("certificate", StringComparison.OrdinalIgnoreCase) || reason.Contains("verif", StringComparison.OrdinalIgnoreCase)
            ? $"{reason}; the broker's certificate is not trusted: name its authority in ssl.ca.location under kafka.properties, and reach the broker by a name that the certificate bears"
            : $"{reason}; check the ssl.* properties under kafka.properties, and whether the broker wants a certificate of ours (ssl.certificate.location, ssl.key.location)";
    }

    /// <summary>
    /// A connection that ends during its first words: so does a listener of another protocol, and a broker that goes at that moment, or a proxy that has lost it. Who has spoken with the broker before knows which.
    /// </summary>
    internal static bool IsCutShort(Error error) => error.Code switch
    {
        ErrorCode.Local_Transport => error.Reason.Contains("incorrect security.protocol", StringComparison.Ordinal) || error.Reason.Contains("SSL listener", StringComparison.Ordinal) || IsPlainListener(error),
        ErrorCode.Local_Ssl => IsPlainListener(error) || error.Reason.Contains("unexpected eof", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsPlainListener(Error error) => error.Reason.Contains("PLAINTEXT broker listener", StringComparison.Ordinal);

    /// <summary>An alert is what the other side says: it did not like what we sent.</summary>
    private static bool IsOurCertificateRefused(Error error) => error.Reason.Contains(" alert ", StringComparison.Ordinal)
        && (error.Reason.Contains("certificate", StringComparison.Ordinal) || error.Reason.Contains("unknown ca", StringComparison.Ordinal));

    private static bool IsMissingLibrary(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is DllNotFoundException || e.Message.Contains("librdkafka", StringComparison.Ordinal) && e is not KafkaException) return true;
        }
        return false;
    }

    /// <summary>True where a topic or partition is said not to be there: a broker that starts or stops says so of all that it does not know yet, or no longer.</summary>
    internal static bool IsMissing(PipelineFailure failure) => failure.InnerException is KafkaException
    {
        Error.Code: ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition,
    };

    /// <summary>Errors that a client cannot get over however long it tries: no use to wait for the timeout.</summary>
    internal static bool IsHopeless(Error error) => !IsCutShort(error)
        && (error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.UnsupportedSaslMechanism or ErrorCode.Local_Ssl
            || (error.Code is ErrorCode.Local_Transport && IsOurCertificateRefused(error)));
}
