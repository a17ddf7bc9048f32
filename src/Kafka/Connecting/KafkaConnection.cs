using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;

namespace PolyglotSync.Kafka.Connecting;

/// <summary>Reaches for the broker once, so that a wrong address, login or protocol is said before anything runs.</summary>
public static class KafkaConnection
{
    /// <summary>An error that no waiting heals ends the check early: so long the first try may take, each further one as long as all before it.</summary>
    private static readonly TimeSpan FirstTry = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    /// <summary>Brokers that have answered this process, by address and protocol: of these a connection that is cut short says nothing of the settings.</summary>
    private static readonly ConcurrentDictionary<(string Address, string? Protocol), byte> Reached = new();

    /// <returns>What the broker says of its cluster and all topics.</returns>
    /// <exception cref="PipelineFailure">Within the connect timeout: what is wrong, where, and what to do.</exception>
    public static Task<Metadata> CheckAsync(KafkaSettings settings, string pipeline, CancellationToken cancel)
    {
        return Task.Run(Check, cancel);

        Metadata Check()
        {
            var heard = new BrokerTrouble();
            try
            {
                using var admin = new AdminClientBuilder(KafkaClients.Admin(settings, pipeline)).SetErrorHandler((_, error) => heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
                return Ask(admin, settings, heard, cancel);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var failure = KafkaFailures.Classify(e, settings.BootstrapServers, heard);
                throw IsOfSettings(settings, heard) ? new PipelineFailure(FailureClass.Fatal, failure.Message, failure.InnerException) { ExitCode = failure.ExitCode } : failure;
            }
        }
    }

    /// <summary>Metadata of all topics.</summary>
    internal static Metadata Ask(IAdminClient admin, KafkaSettings settings, BrokerTrouble heard, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var elapsed = Stopwatch.GetElapsedTime(start);
            var next = elapsed > FirstTry ? elapsed : FirstTry;
            var left = settings.Timeout() - elapsed;
            var isLast = left <= next;
            try
            {
                var metadata = admin.GetMetadata(isLast ? TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds)) : next);
                heard.Clear();
                Reached.TryAdd(Named(settings), 0);
                return metadata;
            }
            catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown
                && !isLast && !(heard.Worst is { } worst && KafkaFailures.IsHopeless(worst)) && !IsOfSettings(settings, heard))
            {
                // librdkafka fails at once while a connection is refused
                cancel.WaitHandle.WaitOne(BetweenTries);
            }
        }
    }
    /// <summary>A broker that has never answered cut the connection short: the settings are wrong.</summary>
    private static bool IsOfSettings(KafkaSettings settings, BrokerTrouble heard) => heard.Worst is { } worst && KafkaFailures.IsCutShort(worst) && !Reached.ContainsKey(Named(settings));

    private static (string Address, string? Protocol) Named(KafkaSettings settings) => (settings.BootstrapServers, settings.Properties.GetValueOrDefault("security.protocol"));
}
