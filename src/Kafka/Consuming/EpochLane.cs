namespace PolyglotSync.Kafka.Consuming;

/// <summary>The messages of a lane that count on the way to a cut.</summary>
internal static class EpochLane
{
    /// <summary>Stands for a message that is no envelope of ours: its place is where it stands.</summary>
    private static readonly ChangePlace Foreign = new(-1, 0, Position.Start);

    /// <summary>Looks for the lane's next message of the step; what other epochs wrote is passed over.</summary>
    /// <returns>False where it has none: the lane stands at the cut then.</returns>
    public static async ValueTask<bool> LoadAsync(PartitionLane lane, CutStep step, CancellationToken cancellationToken)
    {
        var below = step.Offsets[lane.Topic][lane.Partition];
        while (true)
        {
            while (lane.TryPeek(below, out var message))
            {
                if (message.Value.IsEmpty)
                {
                    // a tombstone: the delete stood before it
                }
                else if (!message.TryPlace(out var place))
                {
                    lane.Head = Foreign;
                    return true;
                }
                else if (place.Epoch == step.Epoch)
                {
                    lane.Head = place;
                    return true;
                }
                lane.Take();
            }
            if (lane.IsExhausted(below))
            {
                lane.SkipTo(below);
                return false;
            }
            await lane.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The message that <see cref="LoadAsync"/> found.</summary>
    public static RawMessage HeadOf(PartitionLane lane, CutStep step)
    {
        lane.TryPeek(step.Offsets[lane.Topic][lane.Partition], out var message);
        return message;
    }

    public static RefusedMessage RefuseForeign(PartitionLane lane, TableName table, in RawMessage message, Position at) =>
        Refusals.Of(lane, table, message, at, "the message is none that a capture of ours wrote; let nobody else write to this topic");

    /// <exception cref="PipelineFailure">Always: the log of cuts is not whole.</exception>
    public static PipelineFailure ColumnsUnknown(PartitionLane lane, in RawMessage message, string where) => new(FailureClass.Fatal,
        $"Kafka {where}: {lane.Topic} [{lane.Partition}] holds rows at offset {message.Offset}, and the cuts do not say of which columns; {Cuts.Resync.Anew}")
    { ExitCode = ExitCode.BrokerUnfit };
}
