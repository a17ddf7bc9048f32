using Confluent.Kafka;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>What whoever reads topics of a capture of ours asks of them.</summary>
internal static class CapturedTopics
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until topics are there: their capture makes them.</summary>
    /// <param name="waiting">Called while one is missing.</param>
    public static async Task UntilThereAsync(KafkaSettings kafka, string pipeline, IReadOnlyList<string> topics, Action<SourceWait> waiting, CancellationToken cancellationToken)
    {
        using var admin = new TopicAdmin(kafka, pipeline);
        while ((await admin.MissingAsync(topics, cancellationToken)).Count > 0)
        {
            waiting(NobodyCaptures(kafka));
            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    public static SourceWait NobodyCaptures(KafkaSettings kafka) =>
        new(IsStandby: false, $"nobody has captured into the topics of '{kafka.Prefix}' yet (Kafka {kafka.BootstrapServers}); start 'polysync capture' with the same manifest");

    /// <summary>Nobody knows whether more of the log is still to come.</summary>
    public static SourceWait NoEpoch(KafkaSettings kafka) =>
        new(IsStandby: false, $"the cuts of '{kafka.Prefix}' have told of no capture so far (Kafka {kafka.BootstrapServers}): they are being read, or nobody has captured yet; start 'polysync capture' with the same manifest");

    /// <exception cref="PipelineFailure">Fatal: the topics hold changes of another database than the pipeline's.</exception>
    public static void RequireSource(SourceIdentity here, EpochRecord epoch, string prefix, string where)
    {
        if (here == epoch.Source) return;
        throw KafkaFailures.Unfit(where, $"the topics of prefix '{prefix}' hold changes of {epoch.Source}, and the pipeline's source is {here}; choose another kafka.prefix, or the source that was captured");
    }

    /// <summary>A topic that is said to be gone is asked for again. What is gone for certain says how to begin anew.</summary>
    public static async Task<PipelineFailure> ConfirmedAsync(KafkaSettings kafka, string pipeline, PipelineFailure failure, IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        if (failure.InnerException is ConsumeException { Error.Code: ErrorCode.OffsetOutOfRange or ErrorCode.Local_AutoOffsetReset } gone)
            return new PipelineFailure(failure.Class, $"{failure.Message}; {Resync.Anew}", gone) { ExitCode = failure.ExitCode };
        if (!KafkaFailures.IsMissing(failure)) return failure;
        using var admin = new TopicAdmin(kafka, pipeline);
        return await admin.ConfirmedAsync(failure, topics, cancellationToken);
    }
}
