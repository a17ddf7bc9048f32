using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Applies one write set at a time: holds at most one open graph transaction.</summary>
public sealed class WriterActor : ReceiveActor
{
    private readonly CancellationTokenSource _stopping = new();

    public WriterActor(string pipeline, IGraphTarget target)
    {
        Receive<Write>(write => ApplyAsync(pipeline, target, write, _stopping.Token).PipeTo(Sender, Self));
    }

    public static Props Props(string pipeline, IGraphTarget target) => Akka.Actor.Props.Create(() => new WriterActor(pipeline, target));

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static async Task<object> ApplyAsync(string pipeline, IGraphTarget target, Write write, CancellationToken cancellationToken)
    {
        try
        {
            // A commit of unknown outcome may have happened: a set that records its position says so itself.
            if (write.OutcomeUnknown && await IsThereAsync(pipeline, target, write.Set, cancellationToken)) return new Written(default);
            return new Written(await target.ApplyAsync(pipeline, write.Set, cancellationToken));
        }
        catch (PipelineFailure failure)
        {
            return new WriteFailed(write.Set, failure);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new WriteFailed(write.Set, new PipelineFailure(FailureClass.Transient, "the writer was stopped"));
        }
    }

    private static async Task<bool> IsThereAsync(string pipeline, IGraphTarget target, WriteSet set, CancellationToken cancellationToken)
    {
        if (set.State is { } wanted)
        {
            return await target.ReadStateAsync(pipeline, cancellationToken) is { } state
                && state.Generation == set.Generation && state.Position >= wanted.Position && state.Watermark >= wanted.Watermark
                && state.Copy.Tables.Count >= wanted.Copy.Tables.Count && state.Intent == wanted.Intent;
        }
        var moves = set.Partitions.Where(move => move.To != move.From).ToDictionary(move => move.Partition);
        if (moves.Count == 0) return false;
        var states = await target.ReadPartitionsAsync(pipeline, moves.Keys, cancellationToken);
        return states.Count == moves.Count && states.All(s => moves[s.Partition] is var move && s.Offset == move.To && s.Generation == move.Generation);
    }
}
