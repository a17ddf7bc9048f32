using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Placing;

/// <summary>
/// One pipeline on the node where the cluster placed it, an entity of the shard region <c>pipelines</c>: runs it as the node's book says, below a <see cref="PipelinesActor"/> of its own, its embedded capture beside
/// it. Told to move or to end it has what is in flight written first; only when it is gone does another node begin.
/// </summary>
public sealed class PlacedPipelineActor : ReceiveActor
{
    private static readonly TimeSpan StatusWithin = TimeSpan.FromSeconds(4);

    /// <summary>What is in flight may be written for 20 s before.</summary>
    private static readonly TimeSpan ChangeWithin = TimeSpan.FromSeconds(28);

    /// <summary>Over the wait itself.</summary>
    private static readonly TimeSpan WaitSlack = TimeSpan.FromSeconds(3);

    private readonly string _name;
    private readonly string _node;
    private readonly PipelineBook _book;
    private readonly IActorRef _pipelines;
    private readonly IActorRef _captures;
    private readonly List<IActorRef> _waitForChange = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long _stamp;
    private bool _hasStarted;
    private bool _isChanging;
    private bool _isEnding;

    public PlacedPipelineActor(string name, PlacedParts parts)
    {
        _name = name;
        (_node, _book) = (parts.Node, parts.Book);
        _pipelines = Context.ActorOf(parts.Pipelines(), "pipelines");
        _captures = Context.ActorOf(parts.Captures(), "captures");
        Receive<KeepPipeline>(_ => CatchUp());
        Receive<RenewPipeline>(_ => Renew());
        Receive<Changed>(OnChanged);
        Receive<GetPipelines>(_ => StatusAsync().PipeTo(Sender));
        Receive<PausePipeline>(pause => Ask<PipelineStatus>(pause, ChangeWithin));
        Receive<ResumePipeline>(OfBoth);
        Receive<RestartPipeline>(OfBoth);
        Receive<WaitForWatermark>(wait => Ask<WatermarkAnswer>(wait, wait.Timeout + WaitSlack));
        Receive<GetMapping>(get => Ask<MappingAnswer>(get, StatusWithin));
        Receive<RetryDeadLetters>(_pipelines.Forward);
        Receive<DeadLettersClosed>(_pipelines.Forward);
        Receive<RemovePipeline>(_ => Remove(Sender));
        Receive<StopPipelines>(_ => Stop());
        Receive<Ended>(ended => OnEnded(ended.Asker));
    }

    public static Props Props(string name, PlacedParts parts) => Akka.Actor.Props.Create(() => new PlacedPipelineActor(name, parts));

    protected override void PreStart() => CatchUp();

    private void CatchUp()
    {
        if (_isChanging || _isEnding || _book.Find(_name) is not { } entry || entry.Stamp == _stamp) return;
        var isNew = _stamp == 0;
        _stamp = entry.Stamp;
        if (entry.IsRemoved)
        {
            if (!isNew) Remove(ActorRefs.Nobody);
            return;
        }
        if (isNew)
        {
            _log.Info("Pipeline {0} is placed on this node, {1}", _name, _node);
            Start(entry.Settings);
            return;
        }
        _isChanging = true;
        Task.WhenAll(_captures.Ask<CaptureEnded>(new EndCapture(_name), ChangeWithin), _pipelines.Ask<PipelineReplaced>(new ReplacePipeline(entry.Settings), ChangeWithin))
            .PipeTo(Self, success: () => new Changed(entry.Settings, null), failure: e => new Changed(entry.Settings, e));
    }

    private void Start(PipelineSettings settings)
    {
        _hasStarted = true;
        _pipelines.Tell(new StartPipeline(settings, IsMoved: true), ActorRefs.NoSender);
        StartCapture(settings);
    }

    private void Renew()
    {
        CatchUp();
        _waitForChange.Add(Sender);
        if (!_isChanging) AnswerChange(_book.Find(_name) is { IsRemoved: false } ? new PipelineReplaced(_name) : Unknown());
    }

    private void OnChanged(Changed changed)
    {
        _isChanging = false;
        if (changed.Failure is { } failure)
        {
            _log.Warning("Pipeline {0} could not take its new settings: {1}", _name, failure.GetBaseException().Message);
            // tried again with the next KeepPipeline
            _stamp = -1;
            AnswerChange(PipelineRefused.Of(failure));
            return;
        }
        StartCapture(changed.Settings);
        AnswerChange(new PipelineReplaced(_name));
        CatchUp();
    }

    private void StartCapture(PipelineSettings settings)
    {
        if (settings.Kafka is { Capture: CaptureMode.Embedded }) _captures.Tell(new StartCapture(settings), ActorRefs.NoSender);
    }

    private void AnswerChange(object answer)
    {
        foreach (var asker in _waitForChange) asker.Tell(answer);
        _waitForChange.Clear();
    }

    /// <summary>A pause of it is forgotten, too.</summary>
    private void Remove(IActorRef asker)
    {
        _isEnding = true;
        // what its journal holds is known only where it runs
        if (!_hasStarted && _book.Find(_name) is { } entry) Start(entry.Settings);
        Task.WhenAll(_captures.Ask<CaptureEnded>(new EndCapture(_name), ChangeWithin), _pipelines.Ask<PipelineRemoved>(new RemovePipeline(_name), ChangeWithin))
            .PipeTo(Self, success: () => new Ended(asker), failure: _ => new Ended(asker));
    }

    private void Stop()
    {
        _isEnding = true;
        Task.WhenAll(_captures.Ask<PipelinesStopped>(StopPipelines.Instance, ChangeWithin), _pipelines.Ask<PipelinesStopped>(StopPipelines.Instance, ChangeWithin))
            .PipeTo(Self, success: () => new Ended(ActorRefs.Nobody), failure: _ => new Ended(ActorRefs.Nobody));
    }

    private void OnEnded(IActorRef asker)
    {
        _log.Info("Pipeline {0} has left this node, {1}", _name, _node);
        asker.Tell(new PipelineRemoved(_name));
        Context.Stop(Self);
    }

    private async Task<PipelinesAnswer> StatusAsync()
    {
        try
        {
            var both = await Task.WhenAll(_pipelines.Ask<PipelinesAnswer>(GetPipelines.Instance, StatusWithin), _captures.Ask<PipelinesAnswer>(GetPipelines.Instance, StatusWithin));
            return new PipelinesAnswer([.. both.SelectMany(b => b.Pipelines).Select(p => p with { Node = _node })]);
        }
        catch (AskTimeoutException)
        {
            return new PipelinesAnswer([]);
        }
    }

    /// <summary>Of the graph's side, which answers, and of the capture beside it.</summary>
    private void OfBoth(object message)
    {
        if (_book.Find(_name) is { Settings.Kafka.Capture: CaptureMode.Embedded }) _captures.Tell(message, ActorRefs.NoSender);
        Ask<PipelineStatus>(message, ChangeWithin);
    }

    private void Ask<T>(object message, TimeSpan within)
    {
        var (asker, node) = (Sender, _node);
        _pipelines.Ask<T>(message, within).PipeTo(asker, success: answer => answer is PipelineStatus status ? status with { Node = node } : answer!,
            failure: e => e.GetBaseException() is AskTimeoutException ? new PipelineRefused("it did not answer in time; try again", IsUnknown: false) : PipelineRefused.Of(e));
    }

    private PipelineRefused Unknown() => new($"node {_node} was given no pipeline '{_name}'", IsUnknown: true);

    private sealed record Changed(PipelineSettings Settings, Exception? Failure) : INoSerializationVerificationNeeded;

    private sealed record Ended(IActorRef Asker) : INoSerializationVerificationNeeded;
}

/// <summary>What a placed pipeline is made of.</summary>
/// <param name="Node">The node's name, for people.</param>
/// <param name="Pipelines">Of a <see cref="PipelinesActor"/>.</param>
/// <param name="Captures">Of a <see cref="CapturesActor"/>.</param>
public sealed record PlacedParts(string Node, PipelineBook Book, Func<Props> Pipelines, Func<Props> Captures) : INoSerializationVerificationNeeded;
