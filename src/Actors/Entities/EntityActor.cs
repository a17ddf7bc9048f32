using System.Buffers;
using Akka.Actor;

namespace PolyglotSync.Actors.Entities;

/// <summary>Holds one bucket of graph nodes: orders and coalesces their changes until the writers drain them.</summary>
public sealed class EntityActor : ReceiveActor
{
    private readonly RowCoalescer _rows = new();

    public EntityActor()
    {
        Receive<EntitySlice>(Take);
        Receive<Drain>(HandOver);
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new EntityActor());

    private void Take(EntitySlice slice)
    {
        var entries = slice.Batch.Entries;
        for (var i = 0; i < slice.Count; i++)
        {
            ref readonly var entry = ref entries[slice.Indexes[i]];
            _rows.Add(slice.Batch, entry, entry.ExistenceUnknown || entry.Position <= slice.UnknownUpTo);
        }
        ArrayPool<int>.Shared.Return(slice.Indexes);
    }

    private void HandOver(Drain drain)
    {
        var operations = new List<Contracts.RowOperation>(_rows.Count);
        _rows.Drain(drain.Bucket, operations);
        drain.ReplyTo.Tell(new Drained(drain.Bucket, drain.DrainId, operations));
    }
}
