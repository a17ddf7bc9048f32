using System.Runtime.CompilerServices;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using PolyglotSync.Kafka.Connecting;
using PolyglotSync.Kafka.Cuts;
using PolyglotSync.Kafka.Sharing;
using PolyglotSync.Kafka.Topics;

namespace PolyglotSync.Kafka.Consuming;

/// <summary>
/// Topics that a capture of ours writes, as a source of changes: the same entries in the same order, with the same cuts, as were captured. Catalog and markers are PostgreSQL's, by way of another source. Of
/// several nodes of a pipeline one reads, the one that the consumer group gives the cuts to; the others stand by.
/// </summary>
public sealed class KafkaChangeSource : IChangeSource
{
    /// <summary>Where nothing comes for so long, topics may be gone: clients are not told.</summary>
    private static readonly TimeSpan LookAtTopicsEvery = TimeSpan.FromSeconds(10);

    /// <summary>Milliseconds for which the answer to which database is at the address holds.</summary>
    private const long IdentityHoldsMs = 5_000;

    private readonly PipelineSettings _settings;
    private readonly KafkaSettings _kafka;
    private readonly IChangeSource _database;
    private readonly Func<CancellationToken, Task<SourceIdentity>> _identity;
    private readonly Func<ActorSystem> _system;
    private readonly ILogger _log;
    private readonly TopicNames _names;
    private readonly ReadState _state;
    private readonly CutsOutlook _outlook;
    private readonly Lock _joining = new();
    private GraphMapping? _mapping;
    private CutsFollower? _cuts;
    private bool _isDisposed;
    private TopicMerge? _merge;

    /// <param name="database">Describes the source and writes markers into its log; never read.</param>
    /// <param name="identity">Which database that is.</param>
    /// <param name="system">Where streams run; asked for when the first is opened.</param>
    public KafkaChangeSource(
        PipelineSettings settings, IChangeSource database, Func<CancellationToken, Task<SourceIdentity>> identity, Func<ActorSystem> system, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(loggers);
        _settings = settings;
        _kafka = settings.Kafka ?? throw new ArgumentException("the pipeline does not go through Kafka", nameof(settings));
        (_database, _identity, _system) = (database, identity, system);
        _names = new TopicNames(_kafka);
        _log = loggers.CreateLogger<KafkaChangeSource>();
        _state = new ReadState(settings.Name, _log);
        _outlook = new CutsOutlook(_kafka, settings.Name, _names.Cuts);
    }

    public SourceProgress Progress
    {
        get
        {
            var (merge, newest) = (_merge, _cuts?.Newest ?? _outlook.Newest);
            return _state.Progress(_database.Progress.Slot, newest?.Cut.Watermark ?? Lsn.Zero, merge is not null && newest is not null ? merge.Behind(newest) : 0, newest?.Offsets);
        }
    }

    public long CommitAfter(Lsn watermark) => _outlook.CommitAfter(watermark);

    public async Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken)
    {
        await KafkaConnection.CheckAsync(_kafka, _settings.Name, cancellationToken);
        return await _database.DescribeAsync(cancellationToken);
    }

    /// <summary>Waits until somebody captures, and until it is this node's turn.</summary>
    public async Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        _ = _names.Of([.. mapping.Tables.Select(t => t.Table)]);
        _mapping = mapping;
        await JoinAsync(cancellationToken);
    }

    public async IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mapping = _mapping ?? throw new InvalidOperationException($"{nameof(PrepareAsync)} comes before {nameof(ReadAsync)}");
        var place = Place(from);
        var cuts = await JoinAsync(cancellationToken);
        using var end = new ReadEnd(failure => ConfirmedAsync(failure, cancellationToken), cancellationToken);
        var budget = LaneBudget.Of(_settings.Limits);
        await using var consumer = new TopicConsumer(_kafka, _settings.Name, budget, end.Fail);
        var relations = new RelationHistory(mapping, Where);
        var topics = _names.Of([.. mapping.Tables.Select(t => t.Table)]).ToDictionary(t => t.Value, t => t.Key);
        cuts.Attach(place, from);
        var merge = _merge = new TopicMerge(topics, relations, _settings.Limits, place, from, copy, budget, consumer.Add, Where);
        using var admin = new TopicAdmin(_kafka, _settings.Name);
        var before = _state.Rows;
        var isEntered = false;
        _state.IsOpen = true;
        ReadLog.Reading(_log, _settings.Name, _kafka.Prefix, from.Position, place.Epoch, place.Change);
        try
        {
            while (true)
            {
                var news = cuts.News;
                CutStep step;
                bool more, isThere;
                IReadOnlyList<RelationRecord> told;
                try
                {
                    isThere = cuts.TryNext(out step, out more, out told);
                }
                catch (PipelineFailure ended)
                {
                    throw await ConfirmedAsync(ended, cancellationToken);
                }
                if (!isThere)
                {
                    await GuardAsync(news.WaitAsync(end.Stop));
                    continue;
                }
                if (!isEntered) relations.Enter(told, place.Epoch, place.Change);
                isEntered = true;
                consumer.ReadUpTo(cuts.Horizon);
                Failpoint.Reach(Failpoint.BeforeCutRead);
                var batches = merge.ReadAsync(step, told, more, end.Stop).GetAsyncEnumerator(end.Stop);
                await using var _ = batches.ConfigureAwait(false);
                while (await GuardAsync(batches.MoveNextAsync().AsTask()))
                {
                    _state.Rows = before + merge.Rows;
                    yield return batches.Current;
                }
                Failpoint.Reach(Failpoint.AfterCutRead);
            }
        }
        finally
        {
            _state.IsOpen = false;
        }

        async Task<bool> GuardAsync(Task waiting)
        {
            try
            {
                while (!await HasComeAsync(waiting)) await RequireTopicsAsync(admin, merge.Topics, cancellationToken);
                await waiting;
                return waiting is not Task<bool> { Result: false };
            }
            catch (PipelineFailure) when (!waiting.IsCompleted)
            {
                // what was asked for is left in good order
                await end.CancelAsync();
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
            catch (OperationCanceledException) when (end.IsFailure)
            {
                throw await end.ConfirmedAsync();
            }
        }

        static async Task<bool> HasComeAsync(Task waiting)
        {
            await waiting.WaitAsync(LookAtTopicsEvery, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return waiting.IsCompleted;
        }
    }

    public void Acknowledge(Lsn watermark) => _state.Acknowledge(watermark);

    public Task<Lsn> MarkAsync(CancellationToken cancellationToken) => _database.MarkAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The capture meets the request in the log, as it would read it directly: the rows come by way of the topics.</remarks>
    public Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken) => _database.RefreshAsync(rows, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        CutsFollower? cuts;
        lock (_joining) (cuts, _isDisposed) = (_cuts, true);
        if (cuts is not null) await cuts.DisposeAsync();
        await _outlook.CloseAsync();
        await _database.DisposeAsync();
    }

    private string Where => $"{_kafka.BootstrapServers}, {_names.Cuts}";

    /// <summary>A member of the group that has the cuts, and knows what is captured.</summary>
    private async Task<CutsFollower> JoinAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Ended() is { } ended) await ended.DisposeAsync();
            await CapturedTopics.UntilThereAsync(_kafka, _settings.Name, [_names.Cuts], _state.Wait, cancellationToken);
            var cuts = Follow(cancellationToken);
            // asked while the group forms; who stood by for longer asks again
            var (here, since) = (_identity(cancellationToken), Environment.TickCount64);
            while (true)
            {
                var news = cuts.News;
                if (cuts.Failure is { } failure) throw await ConfirmedAsync(failure, cancellationToken);
                if (cuts is { IsActive: true, Epoch: { } epoch })
                {
                    var isFresh = !here.IsFaulted && Environment.TickCount64 - since < IdentityHoldsMs;
                    CapturedTopics.RequireSource(await (isFresh ? here : _identity(cancellationToken)), epoch, _kafka.Prefix, Where);
                    return cuts;
                }
                if (cuts.IsActive) _state.Wait(CapturedTopics.NoEpoch(_kafka));
                else StandBy();
                await news.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _state.WaitIsOver();
            await _outlook.CloseAsync();
        }
    }

    /// <summary>The member whose membership has ended, if there is one; it is the caller's now.</summary>
    private CutsFollower? Ended()
    {
        lock (_joining)
        {
            if (_cuts is not { Failure: not null } ended || _isDisposed) return null;
            _cuts = null;
            return ended;
        }
    }

    /// <summary>The node's one member. A read that has not heard yet that its run is over must not make another: nobody would end it, and the group would deal it the cuts for good.</summary>
    /// <exception cref="OperationCanceledException">The source was disposed.</exception>
    private CutsFollower Follow(CancellationToken cancellationToken)
    {
        lock (_joining)
        {
            if (_isDisposed) throw new OperationCanceledException($"the source of pipeline '{_settings.Name}' is closed", cancellationToken);
            return _cuts ??= new CutsFollower(_kafka, _settings.Name, _names.Cuts, _system());
        }
    }

    /// <summary>While another node does the work this one says how far it is.</summary>
    private void StandBy()
    {
        _state.Wait(new SourceWait(IsStandby: true, $"another node has the cuts of '{_kafka.Prefix}', or the consumer group is still forming"));
        _outlook.Open();
    }

    /// <exception cref="PipelineFailure">Fatal: the graph was not filled from these topics.</exception>
    private ReadPlace Place(Cut from)
    {
        if (from.Offsets is null)
        {
            return from.Position == Position.Start ? ReadPlace.Start(_kafka.Prefix) : throw new PipelineFailure(FailureClass.Fatal,
                $"pipeline '{_settings.Name}' was not read through Kafka before: its graph is at {from.Position} of the log, and where that is in the topics nobody knows; take the section 'kafka' out of the manifest, or give the "
                + "pipeline another name and a graph without its data")
            { ExitCode = ExitCode.InvalidManifest };
        }
        try
        {
            var place = ReadPlace.Parse(from.Offsets);
            return place.Prefix == _kafka.Prefix ? place : throw new PipelineFailure(FailureClass.Fatal,
                $"pipeline '{_settings.Name}' was read from the topics of prefix '{place.Prefix}' before, and the manifest says '{_kafka.Prefix}'; set kafka.prefix back, or {Resync.Anew}")
            { ExitCode = ExitCode.InvalidManifest };
        }
        catch (FormatException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"pipeline '{_settings.Name}': its state in the graph is damaged: {e.Message}; {Resync.Anew}", e) { ExitCode = ExitCode.TargetUnavailable };
        }
    }

    private async Task RequireTopicsAsync(TopicAdmin admin, IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        if ((await admin.GoneAsync([.. topics, _names.Cuts], cancellationToken)) is [var gone, ..])
            throw KafkaFailures.Unfit(_kafka.BootstrapServers, $"topic {gone} was deleted, and what it held is not in the graph for certain; {Resync.Anew}");
    }

    private Task<PipelineFailure> ConfirmedAsync(PipelineFailure failure, CancellationToken cancellationToken) =>
        CapturedTopics.ConfirmedAsync(_kafka, _settings.Name, failure, [_names.Cuts, .. _merge?.Topics ?? []], cancellationToken);
}
