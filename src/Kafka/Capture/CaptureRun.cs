using System.Reflection;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Envelope;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Capture;

/// <summary>
/// One start of a capture, which is one epoch: a pump from the source into the topics, a publisher of cuts, and a follower of the log of cuts. The source hears of a cut only once the follower has read it back without
/// having met a newer claim before it: a capture that was followed by another acknowledges nothing that readers do not count.
/// </summary>
internal sealed class CaptureRun : IAsyncDisposable
{
    /// <summary>What is on its way when the capture is to stop may take so long.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(10);

    /// <summary>The server is told of the last cut soon; where it is not, it sends again what is known.</summary>
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(1);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly CutsTopic _cuts;
    private readonly BrokerTrouble _heard;
    private readonly IChangeSource _source;
    private readonly Func<CancellationToken, Task<bool>> _holds;
    private readonly EpochStart _start;
    private readonly DeliveryMarks _marks;
    private readonly ChangeProducer _changes;
    private readonly CutPublisher _publisher;
    private readonly string _prefix;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _overtaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Reached _reached;
    private Action _moved = static () => { };
    private Cut? _last;
    private Cut? _drainingTo;
    private bool _saidForeign;
    private long _oldestCommit;

    private CaptureRun(
        IProducer<byte[], byte[]> producer, CutsTopic cuts, BrokerTrouble heard, CaptureSource source, EpochStart start, PipelineSettings settings, TimeProvider time, ILogger log)
    {
        (_producer, _cuts, _heard, _source, _holds, _start, _log) = (producer, cuts, heard, source.Changes, source.HoldsAsync, start, log);
        _prefix = settings.Kafka!.Prefix;
        _marks = new DeliveryMarks(start.Layout.InRow(start.Record.Ends));
        var origin = new EnvelopeOrigin(_prefix, start.Record.Source.Database, Version);
        _changes = new ChangeProducer(producer, start, origin, _marks, settings, time, heard);
        _publisher = new CutPublisher(cuts, _marks, start.Layout, start.Record, settings.Limits, time);
        _reached = new Reached(start.State.Cut, start.Record.Copy, 0);
    }

    private static string Version { get; } =
        $"PolyglotSync {(typeof(CaptureRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0]}";

    /// <summary>Claims an epoch and makes ready to write.</summary>
    public static async Task<CaptureRun> BeginAsync(PipelineSettings settings, CaptureSource source, SourceIdentity identity, TopicReport topics, PartitionOffsets offsets, TimeProvider time, ILogger log,
        CancellationToken cancellationToken)
    {
        var heard = new BrokerTrouble();
        var producer = Producer(settings, heard);
        CutsTopic? cuts = null;
        try
        {
            cuts = new CutsTopic(producer, settings.Kafka!, settings.Name, heard);
            var start = await EpochStart.ClaimAsync(cuts, topics, offsets, identity, settings.Kafka!, time, cancellationToken);
            CaptureLog.Begun(log, settings.Kafka!.Prefix, start.Record.Epoch, start.State.Cut.Position);
            return new CaptureRun(producer, cuts, heard, source, start, settings, time, log);
        }
        catch
        {
            cuts?.Dispose();
            producer.Dispose();
            throw;
        }
    }

    public CaptureProgress Progress(SourceProgress source)
    {
        var (messages, bytes) = (_marks.Messages, _marks.Bytes);
        return new CaptureProgress(source, _start.Record.Epoch, _reached.Cut, _reached.Copy, _changes.Rows, messages, bytes, Interlocked.Read(ref _oldestCommit))
        {
            CommitTimestamp = _reached.CommitTimestamp,
            Trouble = messages > 0 && _heard.Worst is { } worst ? worst.Reason : null,
        };
    }

    /// <param name="moved">Called at each cut.</param>
    /// <param name="begin">Begins another run, with a newer epoch.</param>
    /// <returns>The run that is to follow; null where the capture was stopped.</returns>
    public async Task<CaptureRun?> RunAsync(Action moved, Func<CancellationToken, Task<CaptureRun>> begin, CancellationToken stop)
    {
        _moved = moved;
        await using var limit = stop.Register(() => _abort.CancelAfter(DrainWithin));
        var next = OvertakenAsync(begin);
        List<Task> parts = [_publisher.RunAsync(_abort.Token), _cuts.FollowAsync(Follow, _abort.Token), PumpAsync(stop), next];
        await Task.WhenAny(parts);
        await _abort.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (parts.Select(p => p.Exception?.InnerException).FirstOrDefault(e => e is not null) is { } failure)
        {
            if (next.IsCompletedSuccessfully) await next.Result.DisposeAsync();
            throw failure;
        }
        return next.IsCompletedSuccessfully ? next.Result : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        // both wait for their threads
        await Task.Run(() =>
        {
            _cuts.Dispose();
            _producer.Dispose();
        });
        _marks.Dispose();
        _abort.Dispose();
    }

    private static IProducer<byte[], byte[]> Producer(PipelineSettings settings, BrokerTrouble heard)
    {
        try
        {
            return new ProducerBuilder<byte[], byte[]>(KafkaClients.Capture(settings.Kafka!, settings.Name, settings.Limits))
                .SetErrorHandler((_, error) => heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
        }
        catch (Exception e)
        {
            throw KafkaFailures.Classify(e, settings.Kafka!.BootstrapServers, heard);
        }
    }

    private async Task PumpAsync(CancellationToken stop)
    {
        // what is recorded, so that a slot that begins behind it is noticed
        _source.Acknowledge(_start.State.Cut.Watermark);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await using var batches = _source.ReadAsync(_start.State.Cut, _start.State.Copy, _abort.Token).GetAsyncEnumerator(_abort.Token);
        while (!stop.IsCancellationRequested)
        {
            var next = batches.MoveNextAsync();
            if (!next.IsCompleted)
            {
                var waiting = next.AsTask();
                await Task.WhenAny(waiting, stopped.Task);
                if (!waiting.IsCompleted)
                {
                    // the stream stays open while what is on its way is acknowledged, so that the server hears of it
                    await DrainAsync();
                    await _abort.CancelAsync();
                    await DropAsync(waiting, batches);
                    return;
                }
                if (!await waiting) throw Ended();
            }
            else if (!await next) throw Ended();
            await TakeAsync(batches.Current);
        }
        await DrainAsync();
    }

    private async Task TakeAsync(ChangeBatch batch)
    {
        try
        {
            if (_overtaken.Task.IsCompleted) return;
            if (batch.Cut is { } cut) _last = cut;
            if (batch.Count > 0 && Interlocked.Read(ref _oldestCommit) == 0) Interlocked.Exchange(ref _oldestCommit, batch.CommitTimestamp);
            await _changes.WriteAsync(batch, _abort.Token);
        }
        finally
        {
            batch.Release();
        }
    }

    private static async Task DropAsync(Task<bool> waiting, IAsyncEnumerator<ChangeBatch> batches)
    {
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (waiting is { IsCompletedSuccessfully: true, Result: true }) batches.Current.Release();
    }

    /// <summary>A record of the log of cuts was read back.</summary>
    private void Follow(CutsRecord record)
    {
        var counts = _start.Log.Take(record);
        if (_start.Log.Claimed > _start.Record.Epoch)
        {
            // nothing is acknowledged any more, and what is read goes nowhere
            _overtaken.TrySetResult();
            return;
        }
        if (!counts || record is not CutRecord cut) return;
        Failpoint.Reach(Failpoint.AfterCut);
        _source.Acknowledge(cut.Watermark);
        _heard.Clear();
        _reached = new Reached(cut.Cut, cut.Copy ?? _start.Record.Copy, cut.CommitTimestamp);
        // what is on its way was committed after the cut
        Interlocked.Exchange(ref _oldestCommit, _marks.Messages == 0 ? 0 : cut.CommitTimestamp);
        if (_marks.Foreign > 0 && !_saidForeign)
        {
            _saidForeign = true;
            CaptureLog.Foreign(_log, _marks.Foreign);
        }
        if (_drainingTo == cut.Cut) _drained.TrySetResult();
        _moved();
    }

    /// <summary>
    /// Once another capture has claimed a newer epoch. Who has the slot decides: one that stood still after its look at the slot may claim long after another has it, and can only end then. So the one that has it claims
    /// once more, while it holds it still.
    /// </summary>
    private async Task<CaptureRun> OvertakenAsync(Func<CancellationToken, Task<CaptureRun>> begin)
    {
        await _overtaken.Task.WaitAsync(_abort.Token);
        if (await _holds(_abort.Token))
        {
            CaptureLog.Overtaken(_log, _prefix, _start.Record.Epoch);
            return await begin(_abort.Token);
        }
        throw new PipelineFailure(FailureClass.Fenced, $"another capture has taken over the topics of prefix '{_prefix}' (this one's epoch was {_start.Record.Epoch}); stop one of the two")
        { ExitCode = ExitCode.Fenced };
    }

    /// <summary>Waits until the last cut is published and the source knows.</summary>
    private async Task DrainAsync()
    {
        Failpoint.Reach(Failpoint.Stopping);
        if (_last is not { } last) return;
        _drainingTo = last;
        _publisher.Hurry();
        if (_reached.Cut == last) _drained.TrySetResult();
        try
        {
            await _drained.Task.WaitAsync(_abort.Token);
            using var flushed = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
            flushed.CancelAfter(FlushWithin);
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (_source.Progress.Flushed < last.Watermark) await look.WaitForNextTickAsync(flushed.Token);
            CaptureLog.Drained(_log, last.Position);
        }
        catch (OperationCanceledException)
        {
            if (_marks.Messages > 0) CaptureLog.NotDrained(_log, _marks.Messages);
        }
    }

    private static PipelineFailure Ended() => new(FailureClass.Transient, "the source's stream ended");

    private sealed record Reached(Cut Cut, CopyState Copy, long CommitTimestamp);
}
