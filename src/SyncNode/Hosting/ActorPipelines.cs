using Akka.Actor;
using Akka.Hosting;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Api;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Asks <c>/user/pipelines</c>.</summary>
internal sealed class ActorPipelines(ActorSystem system) : IPipelines
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5);

    private IActorRef Pipelines => ActorRegistry.For(system).Get<PipelinesActor>();

    public async Task<IReadOnlyList<PipelineStatus>> StatusAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync<PipelinesAnswer>(GetPipelines.Instance, AnswerTime, cancellationToken);
        return [.. answer.Pipelines.OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    public Task<WatermarkAnswer> WaitAsync(string pipeline, Lsn? lsn, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync<WatermarkAnswer>(new WaitForWatermark(pipeline, lsn, timeout), timeout + AnswerTime, cancellationToken);

    private async Task<T> AskAsync<T>(object question, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await Pipelines.Ask<T>(question, timeout, cancellationToken);
        }
        catch (AskTimeoutException e)
        {
            throw new TimeoutException("the pipelines did not answer", e);
        }
    }
}
