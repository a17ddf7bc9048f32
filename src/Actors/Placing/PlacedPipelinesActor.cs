using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Placing;

/// <summary>
/// <c>/user/pipelines</c> of a node of role cluster: takes what <see cref="PipelinesActor"/> takes and answers alike, for pipelines wherever they run. Each node keeps every pipeline of its book alive by telling
/// it so again and again: nothing but the books says what is to run, so no remembered entity can come back that nobody wants.
/// </summary>
public sealed class PlacedPipelinesActor : ReceiveActor, IWithTimers
{
    /// <summary>How soon a pipeline without a node gets one, once the cluster has agreed that there is none.</summary>
    public static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan StatusWithin = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ChangeWithin = TimeSpan.FromSeconds(29);
    private static readonly TimeSpan WaitSlack = TimeSpan.FromSeconds(4);

    private readonly PipelineBook _book;
    private readonly IActorRef _region;
    private readonly Func<MemberStatus> _status;
    private readonly Func<bool> _isComplete;
    private readonly TimeProvider _clock;
    private readonly List<IActorRef> _stoppers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _wasComplete;
    private bool _hasLeft;

    /// <param name="region">The shard region <c>pipelines</c>.</param>
    /// <param name="status">What the node is in its cluster.</param>
    /// <param name="isComplete">Whether as many nodes are there as the first pipelines wait for. Asked until it was so once: what nodes that go have is to run on fewer.</param>
    public PlacedPipelinesActor(PipelineBook book, IActorRef region, Func<MemberStatus> status, Func<bool> isComplete, TimeProvider clock)
    {
        (_book, _region, _status, _isComplete, _clock) = (book, region, status, isComplete, clock);
        Receive<StartPipeline>(Start);
        Receive<ReplacePipeline>(Replace);
        Receive<RemovePipeline>(Remove);
        Receive<PausePipeline>(pause => Ask<PipelineStatus>(pause.Pipeline, pause, ChangeWithin));
        Receive<ResumePipeline>(resume => Ask<PipelineStatus>(resume.Pipeline, resume, ChangeWithin));
        Receive<RestartPipeline>(restart => Ask<PipelineStatus>(restart.Pipeline, restart, ChangeWithin));
        Receive<WaitForWatermark>(wait => Ask<WatermarkAnswer>(wait.Pipeline, wait, wait.Timeout + WaitSlack));
        Receive<GetMapping>(get => Ask<MappingAnswer>(get.Pipeline, get, StatusWithin));
        Receive<RetryDeadLetters>(retry => _region.Tell(new ShardingEnvelope(retry.Pipeline, retry)));
        Receive<DeadLettersClosed>(closed => _region.Tell(new ShardingEnvelope(closed.Pipeline, closed)));
        Receive<GetPipelines>(_ => AnswerStatus());
        Receive<Keep>(_ => KeepAll());
        Receive<StopPipelines>(_ => Stop());
        Receive<Terminated>(_ => OnLeft());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PipelineBook book, IActorRef region, Func<MemberStatus> status, Func<bool> isComplete, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new PlacedPipelinesActor(book, region, status, isComplete, clock));

    protected override void PreStart()
    {
        Context.Watch(_region);
        Timers.StartPeriodicTimer("keep", Keep.Instance, KeepEvery);
    }

    private void Start(StartPipeline start)
    {
        _book.Put(start.Settings);
        KeepAll();
    }

    private void Replace(ReplacePipeline replace)
    {
        _book.Put(replace.Settings);
        Ask<PipelineReplaced>(replace.Settings.Name, RenewPipeline.Instance, ChangeWithin);
    }

    private void Remove(RemovePipeline remove)
    {
        if (_book.Find(remove.Pipeline) is { IsRemoved: false }) _book.Remove(remove.Pipeline);
        Ask<PipelineRemoved>(remove.Pipeline, remove, ChangeWithin, evenRemoved: true);
    }

    /// <summary>A node that waits to be let in would only fill the region's buffer.</summary>
    private void KeepAll()
    {
        if (_stoppers.Count > 0 || _status() != MemberStatus.Up) return;
        if (!IsComplete()) return;
        foreach (var settings in _book.Pipelines) _region.Tell(new ShardingEnvelope(settings.Name, KeepPipeline.Instance), ActorRefs.NoSender);
    }

    private bool IsComplete() => _wasComplete = _wasComplete || _isComplete();

    /// <summary>What ran here is handed over, drained, while the node is a member still; then the region ends. A node that the others have given up has nobody to hand over to, and not a moment to lose.</summary>
    private void Stop()
    {
        _stoppers.Add(Sender);
        if (_hasLeft) OnLeft();
        if (_stoppers.Count > 1 || _hasLeft) return;
        Timers.Cancel("keep");
        if (_status() is MemberStatus.Down or MemberStatus.Removed)
        {
            _log.Warning("This node is not a member of its cluster any more: what runs here ends at once");
            Context.Stop(_region);
            return;
        }
        _log.Info("Handing over what runs here");
        _region.Tell(GracefulShutdown.Instance);
    }

    private void OnLeft()
    {
        _hasLeft = true;
        foreach (var stopper in _stoppers) stopper.Tell(PipelinesStopped.Instance);
    }

    private void Ask<T>(string pipeline, object message, TimeSpan within, bool evenRemoved = false)
    {
        var asker = Sender;
        if (_book.Find(pipeline) is not { } entry || (entry.IsRemoved && !evenRemoved))
        {
            asker.Tell(new Status.Failure(new KeyNotFoundException($"no pipeline '{pipeline}' runs in the cluster")));
            return;
        }
        if (!IsComplete())
        {
            asker.Tell(new Status.Failure(new InvalidOperationException(Gathering)));
            return;
        }
        _region.Ask<object>(new ShardingEnvelope(pipeline, message), within).PipeTo(asker,
            success: answer => answer switch
            {
                PipelineRefused refused => new Status.Failure(refused.ToException()),
                T => answer,
                _ => new Status.Failure(new InvalidOperationException($"pipeline '{pipeline}' answered with {answer.GetType().Name}")),
            },
            failure: e => new Status.Failure(e.GetBaseException() is AskTimeoutException ? new InvalidOperationException(Nobody) : e));
    }

    private void AnswerStatus()
    {
        // a question alone would place what is asked
        if (IsComplete()) StatusAsync([.. _book.Pipelines]).PipeTo(Sender);
        else Sender.Tell(new PipelinesAnswer([.. _book.Pipelines.Select(p => PipelineProgress.Silent(p, Gathering, _clock.GetUtcNow()))]));
    }

    private async Task<PipelinesAnswer> StatusAsync(PipelineSettings[] pipelines) => new([.. (await Task.WhenAll(pipelines.Select(StatusAsync))).SelectMany(p => p)]);

    private async Task<IReadOnlyList<PipelineStatus>> StatusAsync(PipelineSettings settings)
    {
        // the others' status must not fail for one that does not answer
        var answer = await _region.AskWithinAsync<PipelinesAnswer>(new ShardingEnvelope(settings.Name, GetPipelines.Instance), StatusWithin, _clock);
        return answer is { Pipelines.Count: > 0 } ? answer.Pipelines : [PipelineProgress.Silent(settings, Nobody, _clock.GetUtcNow())];
    }

    private const string Gathering = "it waits for the other nodes: this one has not joined them yet, or there are fewer than the first pipelines are to wait for";

    private const string Nobody = "no node answers for it: it is being placed or moved, or the cluster has not agreed yet on a node that is away";

    private sealed record Keep
    {
        public static readonly Keep Instance = new();
    }
}
