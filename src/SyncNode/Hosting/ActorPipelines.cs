using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Asks <c>/user/pipelines</c> and <c>/user/captures</c>; a name of both means the pipeline.</summary>
internal sealed class ActorPipelines(ActorSystem system, NodePlace place) : IPipelines
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    /// <summary>What is in flight may be written for 20 s before.</summary>
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(AskAsync<PipelinesAnswer>(Pipelines, GetPipelines.Instance, AnswerTime, cancellationToken),
            AskAsync<PipelinesAnswer>(Captures, GetPipelines.Instance, AnswerTime, cancellationToken));
        return [.. answers.SelectMany(a => a.Pipelines).OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Role)];
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
            return await AskAsync<PipelineStatus>(Pipelines, message, ChangeTime, cancellationToken);
        }
        catch (KeyNotFoundException)
        {
            var all = await StatusAsync(cancellationToken);
            if (all.Any(p => p.Name == pipeline)) throw new ApiRefusal(409, $"'{pipeline}' is captured here and written elsewhere", "ask the node that writes its graph; to pause a capture stop its process");
            throw new ApiRefusal(404, $"this node runs no pipeline '{pipeline}'", all.Count == 0 ? null : $"it runs {string.Join(", ", all.Select(p => p.Name))}");
        }
        catch (InvalidOperationException e)
        {
            throw new ApiRefusal(409, e.Message, null);
        }
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
