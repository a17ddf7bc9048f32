using Confluent.Kafka;

namespace PolyglotSync.Kafka.Connecting;

/// <summary>What the error handler of a client heard: librdkafka tells the cause of a lost connection there only, and elsewhere of a timeout.</summary>
public sealed class BrokerTrouble
{
    private readonly Lock _gate = new();
    private Error? _worst;

    /// <summary>The error that explains most; null where none was heard since <see cref="Clear"/>.</summary>
    public Error? Worst
    {
        get
        {
            lock (_gate) return _worst;
        }
    }

    /// <summary>For a client's error handler.</summary>
    public void Hear(Error error)
    {
        lock (_gate)
        {
            if (_worst is null || Weight(error) >= Weight(_worst)) _worst = error;
        }
    }

    /// <summary>After an answer: what was heard before explains nothing that comes.</summary>
    public void Clear()
    {
        lock (_gate) _worst = null;
    }

    private static int Weight(Error error) => KafkaFailures.IsHopeless(error) ? 3 : KafkaFailures.IsCutShort(error) ? 2 : error.Code switch
    {
        ErrorCode.Local_Resolve => 2,
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut => 0,
        _ => 1,
    };
}
