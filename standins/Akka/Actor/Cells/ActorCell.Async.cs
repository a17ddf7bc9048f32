using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Cells;

/// <summary>Handlers that await: the mailbox waits for them, and what follows an await runs in the actor again.</summary>
internal sealed partial class ActorCell
{
    private sealed class ActorContinuations(ActorCell cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object state) => cell.SendSystemMessage(new ActorTask(d, state));

        public override void Send(SendOrPostCallback d, object state) =>
            throw new NotSupportedException("An actor cannot be entered synchronously from another thread.");

        public override SynchronizationContext CreateCopy() => this;
    }

    private ActorContinuations _continuations;
    private Envelope _awaitedMessage;
    private int _awaited;

    internal void RunTask(Func<Task> action)
    {
        _continuations ??= new ActorContinuations(this);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_continuations);
        Task task;
        try
        {
            task = action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        if (task == null)
            return;
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }
        _awaited++;
        _awaitedMessage = _message;
        _mailbox.Suspend();
        task.ContinueWith(
            static (done, cell) => ((ActorCell)cell)!.SendSystemMessage(new ActorTaskDone(done)),
            this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void RunContinuation(ActorTask task)
    {
        var message = _message;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_continuations);
        if (_awaited > 0)
            _message = _awaitedMessage;
        try
        {
            task.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
            _message = _awaited > 0 ? _awaitedMessage : message;
        }
    }

    private void FinishAwait(Task task)
    {
        if (_awaited == 0)
            return;
        _mailbox.Resume();
        _message = _awaitedMessage;
        if (--_awaited == 0)
            _awaitedMessage = default;
        if (!task.IsCompletedSuccessfully)
            task.GetAwaiter().GetResult();
        if (_awaited == 0)
        {
            _message = default;
            if (_receiveTimeout.HasValue)
                RestartReceiveTimeout();
        }
    }

    /// <summary>A restart gives up the handler that still waits.</summary>
    private void AbandonAwait()
    {
        for (; _awaited > 0; _awaited--)
            _mailbox.Resume();
        _awaitedMessage = default;
    }
}
