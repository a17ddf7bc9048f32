using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>The parts of a pipeline, ready to run.</summary>
internal sealed record PipelineParts(
    IChangeSource Source, IGraphTarget Target, IDeadLetterStore DeadLetters, GraphMapping Mapping, TargetState State, long DeadLetterCount,
    IReadOnlyList<DeadKey> DeadKeys) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        if (DeadLetters is IAsyncDisposable letters) await letters.DisposeAsync();
    }
}

/// <summary>
/// Brings a pipeline up to the point where it can read: source and target checked, publication, slot and constraints made, ownership taken.
/// A second node started by mistake finds the slot held, and says so, before it takes ownership in the target.
/// </summary>
internal static class PipelineLaunch
{
    public static async Task<PipelineParts> RunAsync(
        IPipelineFactory factory, PipelineSettings settings, Action<IChangeSource> preparing, Action<string> warn, CancellationToken cancellationToken)
    {
        var source = factory.CreateSource(settings);
        preparing(source);
        IGraphTarget? target = null;
        try
        {
            target = factory.CreateTarget(settings);
            var schema = await source.DescribeAsync(cancellationToken);
            var (mapping, warnings) = factory.CreateMapping(settings, schema);
            foreach (var warning in warnings) warn(warning);
            await target.ConnectAsync(cancellationToken);
            // A node that stands still somewhere below must not take the pipeline from one that has started since.
            var seen = (await target.ReadStateAsync(settings.Name, cancellationToken))?.Generation ?? 0;
            await source.PrepareAsync(mapping, cancellationToken);
            // Who stood by until the group gave it the cuts follows on whoever had them.
            if (settings.Kafka is not null) seen = (await target.ReadStateAsync(settings.Name, cancellationToken))?.Generation ?? 0;
            await target.PrepareAsync(mapping, schema, cancellationToken);
            Failpoint.Reach(Failpoint.BeforeClaim);
            var state = await target.ClaimAsync(settings.Name, cancellationToken, onlyAfter: seen);
            var letters = factory.CreateDeadLetters(settings);
            return new PipelineParts(source, target, letters, mapping, state, await letters.CountAsync(settings.Name, cancellationToken),
                await letters.KeysAsync(settings.Name, cancellationToken));
        }
        catch
        {
            await source.DisposeAsync();
            if (target is not null) await target.DisposeAsync();
            throw;
        }
    }
}
