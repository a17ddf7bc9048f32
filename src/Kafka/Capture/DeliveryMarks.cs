using System.Diagnostics.CodeAnalysis;

namespace PolyglotSync.Kafka.Capture;

/// <summary>What belongs to a cut once all messages up to a mark are acknowledged.</summary>
/// <param name="Change">Number of the last change before it.</param>
/// <param name="Offsets">By partition, the offset after the last message before it.</param>
internal sealed record DeliveredCut(Cut Cut, long Change, CopyState Copy, long CommitTimestamp, long[] Offsets);

/// <summary>
/// A place in the row of messages behind which some more were handed to the producer: complete once each partition's last message before it is acknowledged. The producer is idempotent and keeps order, so that
/// stands for all before. Offsets are checked all the same: a partition whose offset grew by less than was sent has lost something.
/// </summary>
internal sealed class DeliveryMark
{
    public required int Messages { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Partitions whose last message is not acknowledged yet.</summary>
    public required int Pending { get; set; }

    /// <summary>What ends here; null in the middle of a transaction.</summary>
    public DeliveredCut? Cut { get; init; }

    public List<(int Partition, long Next)> Reached { get; } = [];
}

/// <summary>
/// Messages on their way to the broker: how many, and, as acknowledgements come, in whichever order over the partitions, up to which cut everything is there. Thread-safe: the pump adds, the
/// producer's thread reports, the publisher takes. Pure: no producer.
/// </summary>
/// <param name="begin">By partition, where the first message of ours will stand at the least.</param>
internal sealed class DeliveryMarks(ReadOnlySpan<long> begin) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<DeliveryMark> _open = new();
    private readonly SemaphoreSlim _moved = new(0, 1);
    private readonly SemaphoreSlim _reached = new(0, 1);
    private readonly long[] _next = begin.ToArray();
    private readonly long[] _complete = begin.ToArray();
    private DeliveredCut? _cut;
    private Exception? _failure;

    /// <summary>Not acknowledged yet.</summary>
    public int Messages { get; private set; }

    /// <summary>Keys and values of those.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages that somebody else wrote into our partitions meanwhile.</summary>
    public long Foreign { get; private set; }

    /// <summary>To be called before the first of its reports can come.</summary>
    public void Add(DeliveryMark mark)
    {
        lock (_gate)
        {
            _open.Enqueue(mark);
            Messages += mark.Messages;
            Bytes += mark.Bytes;
            Complete();
        }
    }

    /// <param name="partition">Index of the partition; -1 where its offsets are of no interest.</param>
    /// <param name="messages">How many were sent to it since the mark before, this one included.</param>
    /// <param name="offset">Of its last message before the mark.</param>
    public void Delivered(DeliveryMark mark, int partition, int messages, long offset)
    {
        lock (_gate)
        {
            if (partition >= 0)
            {
                var foreign = offset + 1 - (_next[partition] + messages);
                if (foreign < 0)
                {
                    Fail(offset < 0 ? Unknown() : Lost(-foreign));
                    return;
                }
                Foreign += foreign;
                _next[partition] = offset + 1;
                mark.Reached.Add((partition, offset + 1));
            }
            mark.Pending--;
            Complete();
        }
    }

    /// <summary>Nothing that is not acknowledged yet will be.</summary>
    public void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Release(_moved);
            Release(_reached);
        }
    }

    /// <summary>Waits until less than this is on its way.</summary>
    /// <exception cref="PipelineFailure">Something was not delivered.</exception>
    public async ValueTask RoomAsync(int maxMessages, long maxBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_failure is not null) throw _failure;
                if (Messages == 0 || (Messages < maxMessages && Bytes < maxBytes)) return;
            }
            await _moved.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The newest cut that everything is delivered of, once; earlier ones that nobody took it stands for too.</summary>
    /// <exception cref="PipelineFailure">Something was not delivered.</exception>
    public bool TryTake([NotNullWhen(true)] out DeliveredCut? cut)
    {
        lock (_gate)
        {
            if (_failure is not null) throw _failure;
            (cut, _cut) = (_cut, null);
            return cut is not null;
        }
    }

    /// <summary>Returns once there may be a cut to take, or after the time.</summary>
    public Task ReachedAsync(TimeSpan within, CancellationToken cancellationToken) => _reached.WaitAsync(within, cancellationToken);

    /// <summary>Whoever waits for a cut looks again.</summary>
    public void Wake()
    {
        lock (_gate) Release(_reached);
    }

    public void Dispose()
    {
        _moved.Dispose();
        _reached.Dispose();
    }

    private void Complete()
    {
        var moved = false;
        while (_open.TryPeek(out var mark) && mark.Pending == 0)
        {
            _open.Dequeue();
            moved = true;
            Messages -= mark.Messages;
            Bytes -= mark.Bytes;
            foreach (var (partition, next) in mark.Reached) _complete[partition] = next;
            if (mark.Cut is not { } cut) continue;
            _complete.CopyTo(cut.Offsets, 0);
            _cut = cut;
            Release(_reached);
        }
        if (moved) Release(_moved);
    }

    private static void Release(SemaphoreSlim signal)
    {
        // Only ever released under the lock.
        if (signal.CurrentCount == 0) signal.Release();
    }

    private static PipelineFailure Lost(long messages) => new(FailureClass.Transient,
        $"Kafka: {messages} messages that the broker took are not in the topic; everything since the last cut is sent again")
    { ExitCode = ExitCode.BrokerUnavailable };

    private static PipelineFailure Unknown() => new(FailureClass.Transient,
        "Kafka: the broker took a message twice and does not say where it stands; everything since the last cut is sent again")
    { ExitCode = ExitCode.BrokerUnavailable };
}
