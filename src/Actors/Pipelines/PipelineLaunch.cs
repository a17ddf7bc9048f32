using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Pipelines;

/// <summary>The parts of a pipeline, ready to run.</summary>
internal sealed record PipelineParts(
    IChangeSource Source, IGraphTarget Target, IDeadLetterStore DeadLetters, GraphMapping Mapping, TargetState State, long DeadLetterCount,
    IReadOnlyList<DeadKey> DeadKeys) : IAsyncDisposable
{
    /// <summary>Whose the work was before; null where there is nothing to say.</summary>
    public TakeOver? TakeOver { get; init; }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        await CloseAsync(DeadLetters);
    }

    public static ValueTask CloseAsync(IDeadLetterStore? letters) => letters is IAsyncDisposable open ? open.DisposeAsync() : ValueTask.CompletedTask;
}

/// <summary>The parts of a pipeline that is being brought up, or stands by, as far as they are there: so that it can say what it sees.</summary>
internal sealed record Preparing(IChangeSource Source, IGraphTarget? Target, GraphMapping? Mapping);

/// <summary>
/// Brings a pipeline up to the point where it can read: source and target checked, publication, slot and constraints made, ownership taken.
/// A second node started by mistake finds the slot held, and says so, before it takes ownership in the target.
/// </summary>
internal static class PipelineLaunch
{
    public static async Task<PipelineParts> RunAsync(
        IPipelineFactory factory, PipelineSettings settings, Action<Preparing> preparing, Action<string> warn, CancellationToken cancellationToken)
    {
        var source = factory.CreateSource(settings);
        preparing(new Preparing(source, null, null));
        IGraphTarget? target = null;
        IDeadLetterStore? letters = null;
        try
        {
            target = factory.CreateTarget(settings);
            var schema = await source.DescribeAsync(cancellationToken);
            var (mapping, warnings) = factory.CreateMapping(settings, schema);
            foreach (var warning in warnings) warn(warning);
            await target.ConnectAsync(cancellationToken);
            preparing(new Preparing(source, target, mapping));
            // A node that stands still somewhere below must not take the pipeline from one that has started since.
            var seen = await target.ReadStateAsync(settings.Name, cancellationToken);
            await source.PrepareAsync(mapping, cancellationToken);
            // Who stood by until the group gave it the cuts follows on whoever had them.
            if (settings.Kafka is not null) seen = await target.ReadStateAsync(settings.Name, cancellationToken);
            var order = source.Partitions is null ? ChangeOrder.Whole : ChangeOrder.PerKey;
            await target.PrepareAsync(mapping, schema, cancellationToken, order);
            Failpoint.Reach(Failpoint.BeforeClaim);
            await RequireOrderAsync(target, settings.Name, seen, order, cancellationToken);
            // those that share partitions are no successors of one another
            var state = await target.ClaimAsync(settings.Name, cancellationToken, onlyAfter: order == ChangeOrder.Whole ? seen?.Generation ?? 0 : null);
            IReadOnlyList<PartitionState> before = [];
            if (source.Partitions is { } partitions)
            {
                before = await target.ReadPartitionsAsync(settings.Name, null, cancellationToken);
                state = state with { Partitions = await target.ClaimPartitionsAsync(settings.Name, partitions, cancellationToken) };
                source.Claimed(state.Partitions, target);
            }
            letters = factory.CreateDeadLetters(settings);
            return new PipelineParts(source, target, letters, mapping, state, await letters.CountAsync(settings.Name, cancellationToken),
                await letters.KeysAsync(settings.Name, cancellationToken))
            { TakeOver = settings.Kafka is null ? null : TakeOver.Of(seen, state, before) };
        }
        catch
        {
            await source.DisposeAsync();
            if (target is not null) await target.DisposeAsync();
            await PipelineParts.CloseAsync(letters);
            throw;
        }
    }

    /// <summary>What was written in one order says nothing of where the other has got to.</summary>
    private static async Task RequireOrderAsync(IGraphTarget target, string pipeline, TargetState? state, ChangeOrder order, CancellationToken cancellationToken)
    {
        var wasWhole = state is not null && state.Position != Position.Start;
        var isRefused = order == ChangeOrder.PerKey ? wasWhole : !wasWhole && (await target.ReadPartitionsAsync(pipeline, null, cancellationToken)).Count > 0;
        if (!isRefused) return;
        throw new PipelineFailure(FailureClass.Fatal, $"the graph of pipeline '{pipeline}' was filled {(order == ChangeOrder.PerKey ? "by whole cuts" : "key by key, from partitions of topics,")} so far, "
            + "which says nothing of where to go on now; set kafka.capture and kafka.share back, or give the pipeline another name and a graph without its data")
        { ExitCode = ExitCode.InvalidManifest };
    }
}
