using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Cells;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// The queues of one actor and its right to run. Anyone may enqueue; at most one thread runs. A sender enqueues first and looks at the
/// state afterwards, the running thread gives up the state first and looks at the queues afterwards, and enqueuing is a full fence:
/// so no message is left behind.
/// </summary>
internal sealed class Mailbox(ActorCell cell, ActorDispatcher dispatcher) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Envelope> _messages = new();
    private readonly ConcurrentQueue<SystemMessage> _systemMessages = new();
    private readonly LinkedList<Envelope> _front = new();
    private int _scheduled = 1;
    private volatile int _suspensions;
    private volatile bool _closed;

    internal bool IsClosed => _closed;

    internal bool IsSuspended => _suspensions > 0;

    /// <summary>Makes messages run on the thread that sends them, which tests ask for.</summary>
    internal bool RunsOnCaller { get; init; }

    internal int Count => _messages.Count + _front.Count;

    internal void Post(Envelope envelope)
    {
        if (_closed)
        {
            cell.DeadLetter(envelope);
            return;
        }
        _messages.Enqueue(envelope);
        if (_scheduled == 0 && _suspensions == 0)
            TrySchedule();
        if (_closed)
            DrainToDeadLetters();
    }

    internal void Post(SystemMessage message)
    {
        if (_closed)
        {
            cell.DeadSystemMessage(message);
            return;
        }
        _systemMessages.Enqueue(message);
        if (_scheduled == 0)
            TrySchedule();
        if (_closed)
            DrainToDeadLetters();
    }

    /// <summary>Lets a new actor run for the first time.</summary>
    internal void Open()
    {
        Volatile.Write(ref _scheduled, 0);
        TrySchedule();
    }

    /// <summary>Puts messages before all that wait, in their order. Only the running actor may.</summary>
    internal void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        for (var i = envelopes.Count - 1; i >= 0; i--)
            _front.AddFirst(envelopes[i]);
    }

    internal void Suspend() => _suspensions++;

    /// <summary>Takes one suspension back; there may be none.</summary>
    internal void Resume()
    {
        if (_suspensions > 0)
            _suspensions--;
    }

    internal void Close()
    {
        _closed = true;
        foreach (var envelope in _front)
            cell.DeadLetter(envelope);
        _front.Clear();
        DrainToDeadLetters();
    }

    public void Execute()
    {
        var outer = ActorCell.Current;
        var outerSync = SynchronizationContext.Current;
        ActorCell.Current = cell;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            HandleSystemMessages();
            for (var left = dispatcher.Throughput; left > 0 && !_closed && _suspensions == 0 && TryTake(out var envelope); left--)
            {
                cell.Invoke(envelope);
                if (!_systemMessages.IsEmpty)
                    HandleSystemMessages();
            }
        }
        finally
        {
            ActorCell.Current = outer;
            SynchronizationContext.SetSynchronizationContext(outerSync);
        }
        if (_closed)
        {
            DrainToDeadLetters();
            return;
        }
        Interlocked.Exchange(ref _scheduled, 0);
        TrySchedule();
    }

    private bool TryTake(out Envelope envelope)
    {
        if (_front.First is not { } first)
            return _messages.TryDequeue(out envelope);
        envelope = first.Value;
        _front.RemoveFirst();
        return true;
    }

    private void TrySchedule()
    {
        if (_closed || (_systemMessages.IsEmpty && (_suspensions > 0 || (_messages.IsEmpty && _front.Count == 0))))
            return;
        if (Interlocked.CompareExchange(ref _scheduled, 1, 0) != 0)
            return;
        if (RunsOnCaller)
            Execute();
        else
            dispatcher.Schedule(this);
    }

    private void HandleSystemMessages()
    {
        while (!_closed && _systemMessages.TryDequeue(out var message))
            cell.InvokeSystem(message);
    }

    private void DrainToDeadLetters()
    {
        while (_systemMessages.TryDequeue(out var message))
            cell.DeadSystemMessage(message);
        while (_messages.TryDequeue(out var envelope))
            cell.DeadLetter(envelope);
    }
}
