using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Tells <c>/user/pipelines</c>, and <c>/user/captures</c> where the node captures for a pipeline itself.</summary>
internal sealed class ActorRunner(ActorSystem system, DeadLetterDesk letters, IncidentDesk incidents, NodePlace place, PipelineBook book) : IPipelineRunner
{
    /// <summary>What is in flight may be written for 20 s before.</summary>
    private static readonly TimeSpan ChangeTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private IActorRef Pipelines => ActorRegistry.For(system).Get<PipelinesActor>();

    private IActorRef Captures => ActorRegistry.For(system).Get<CapturesActor>();

    public async Task ReplaceAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        // Of both at once: each only waits for its own server.
        await Task.WhenAll(AskAsync<CaptureEnded>(Captures, new EndCapture(settings.Name), cancellationToken), AskAsync<PipelineReplaced>(Pipelines, new ReplacePipeline(settings), cancellationToken));
        await letters.ReplaceAsync(settings);
        await incidents.ReplaceAsync(settings);
        // in a cluster the capture goes where its pipeline goes
        if (settings.Kafka is { Capture: CaptureMode.Embedded } && !place.IsClustered) Captures.Tell(new StartCapture(settings), ActorRefs.NoSender);
    }

    public async Task RemoveAsync(string pipeline, CancellationToken cancellationToken)
    {
        await Task.WhenAll(AskAsync<CaptureEnded>(Captures, new EndCapture(pipeline), cancellationToken), AskAsync<PipelineRemoved>(Pipelines, new RemovePipeline(pipeline), cancellationToken));
        await letters.RemoveAsync(pipeline);
        await incidents.RemoveAsync(pipeline);
    }

    public async Task TakeAsync(PipelineSettings settings)
    {
        book.Put(settings);
        await letters.ReplaceAsync(settings);
        await incidents.ReplaceAsync(settings);
    }

    public async Task LeaveAsync(string pipeline)
    {
        book.Remove(pipeline);
        await letters.RemoveAsync(pipeline);
        await incidents.RemoveAsync(pipeline);
    }

    public async Task<GraphMapping?> MappingAsync(string pipeline, CancellationToken cancellationToken)
    {
        try
        {
            return (await Pipelines.Ask<MappingAnswer>(new GetMapping(pipeline), AnswerTime, cancellationToken)).Mapping;
        }
        catch (Exception e) when (e is AskTimeoutException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<T> AskAsync<T>(IActorRef who, object question, CancellationToken cancellationToken)
    {
        try
        {
            return await who.Ask<T>(question, ChangeTime, cancellationToken);
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException("the pipeline did not end in time", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ApiRefusal(409, e.Message, null);
        }
        catch (KeyNotFoundException e)
        {
            throw new ApiRefusal(404, e.Message, null);
        }
    }
}
