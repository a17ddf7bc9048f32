using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// Holds one bucket of graph nodes: orders and coalesces their changes until the writers drain them. Lives as long as the source actor that feeds it. What it holds exists
/// nowhere else in the process, so after a crash it starts empty and says so to the source actor.
/// </summary>
public sealed class EntityActor : ReceiveActor
{
    private readonly RowCoalescer _rows = new();
    private IActorRef? _source;
    private long _received;
    private long _worked;

    public EntityActor()
    {
        Receive<EntityEnvelope>(Take);
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    public static Props Props() => Akka.Actor.Props.Create(() => new EntityActor());

    protected override void PreRestart(Exception reason, object message)
    {
        _source?.Tell(new EntityLost(Self.Path.Name, $"it failed: {reason.Message}"));
        base.PreRestart(reason, message);
    }

    private void Take(EntityEnvelope envelope)
    {
        if (_source is null) _source = Context.Watch(Sender);
        if (envelope.Number != _received + 1)
        {
            Sender.Tell(new EntityLost(envelope.Entity.Name,
                string.Create(CultureInfo.InvariantCulture, $"message {envelope.Number} came after message {_received}")));
            return;
        }
        _received = envelope.Number;
        switch (envelope.Message)
        {
            case EntitySlice slice:
                Take(slice);
                break;
            case Drain drain:
                HandOver(envelope.Entity.Bucket, drain);
                break;
            default:
                Unhandled(envelope.Message);
                break;
        }
    }

    private void Take(EntitySlice slice)
    {
        var started = Stopwatch.GetTimestamp();
        var entries = slice.Batch.Entries;
        for (var i = 0; i < slice.Count; i++)
        {
            ref readonly var entry = ref entries[slice.Indexes[i]];
            _rows.Add(slice.Batch, entry, entry.ExistenceUnknown || entry.Position <= slice.UnknownUpTo);
        }
        ArrayPool<int>.Shared.Return(slice.Indexes);
        _worked += Stopwatch.GetTimestamp() - started;
    }

    private void HandOver(int bucket, Drain drain)
    {
        var started = Stopwatch.GetTimestamp();
        var operations = new OperationBuffer(_rows.Count);
        _rows.Drain(bucket, operations);
        drain.ReplyTo.Tell(new Drained(bucket, drain.DrainId, operations) { Took = Stopwatch.GetElapsedTime(started - _worked) });
        _worked = 0;
    }
}
