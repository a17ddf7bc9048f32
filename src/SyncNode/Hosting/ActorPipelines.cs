using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Asks <c>/user/pipelines</c> and <c>/user/captures</c>; a name of both means the pipeline.</summary>
internal sealed class ActorPipelines(ActorSystem system, string node, NodePlace place) : IPipelines
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>What is in flight may be written for 20 s before.</summary>
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(AskAsync<PipelinesAnswer>(Pipelines, GetPipelines.Instance, AnswerTime, cancellationToken),
            AskAsync<PipelinesAnswer>(Captures, GetPipelines.Instance, AnswerTime, cancellationToken));
        return [.. answers.SelectMany(a => a.Pipelines).Select(Named).OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Role)];
    }

    public IReadOnlyList<PipelineStatus> Own(IReadOnlyList<PipelineStatus> all) => place.Own(all);

    public string? Unready => place.Unready;

    public async Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var wait = new WaitForWatermark(pipeline, lsn, timeout);
        try
        {
            return await AskAsync<WatermarkAnswer>(Pipelines, wait, timeout + AnswerTime, cancellationToken);
        }
        catch (KeyNotFoundException)
        {
            return await AskAsync<WatermarkAnswer>(Captures, wait, timeout + AnswerTime, cancellationToken);
        }
    }

    public async Task<PipelineStatus> ChangeAsync(string pipeline, PipelineVerb verb, string? reason, CancellationToken cancellationToken)
    {
        object message = verb switch
        {
            PipelineVerb.Pause => new PausePipeline(pipeline, reason),
            PipelineVerb.Resume => new ResumePipeline(pipeline),
            _ => new RestartPipeline(pipeline),
        };
        try
        {
            // Of both at once: each only waits for its own server. Paused is the graph's side alone: the topics go on.
            var graph = IfHereAsync(Pipelines, message, cancellationToken);
            var capture = verb == PipelineVerb.Pause ? Task.FromResult<PipelineStatus?>(null) : IfHereAsync(Captures, message, cancellationToken);
            await Task.WhenAll(graph, capture);
            return Named(await graph ?? await capture ?? throw await NotHereAsync(pipeline, cancellationToken));
        }
        catch (InvalidOperationException e)
        {
            throw new ApiRefusal(409, e.Message, null);
        }
    }

    /// <summary>A cluster's pipelines say themselves where they run.</summary>
    private PipelineStatus Named(PipelineStatus status) => place.IsClustered ? status : status with { Node = node };

    /// <summary>Null where nothing of that name is there.</summary>
    private static async Task<PipelineStatus?> IfHereAsync(IActorRef who, object message, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<PipelineStatus>(who, message, ChangeTime, cancellationToken);
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
    }

    private async Task<ApiRefusal> NotHereAsync(string pipeline, CancellationToken cancellationToken)
    {
        var all = await StatusAsync(cancellationToken);
        return all.Any(p => p.Name == pipeline) ? new ApiRefusal(409, $"'{pipeline}' is captured here and written elsewhere", "pause it at the node that writes its graph; to pause a capture stop its process")
            : new ApiRefusal(404, $"this node runs no pipeline '{pipeline}'", all.Count == 0 ? null : $"it runs {string.Join(", ", all.Select(p => p.Name))}");
    }

    private IActorRef Pipelines => ActorRegistry.For(system).Get<PipelinesActor>();

    private IActorRef Captures => ActorRegistry.For(system).Get<CapturesActor>();

    private static async Task<T> AskAsync<T>(IActorRef who, object question, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await who.Ask<T>(question, timeout, cancellationToken);
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException("the pipelines did not answer", e);
        }
    }
}
