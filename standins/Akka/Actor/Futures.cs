using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Asking: a message whose answer comes as a task.</summary>
public static class Futures
{
    /// <summary>Asks, with the time limit of the settings.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = default) => self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks, at most that long.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks, with the time limit of the settings.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = default) => self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks, at most that long.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Asks with a message that holds the reference to answer to.</summary>
    /// <exception cref="AskTimeoutException">No answer came in time (in the task).</exception>
    /// <exception cref="ArgumentException">The answer has another type (in the task).</exception>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var provider = (LocalProvider)(self switch
        {
            IInternalActorRef actor => actor.Provider,
            ActorSelection selection => ((IInternalActorRef)selection.Anchor).Provider,
            _ => Cells.ActorCell.Current?.SystemImpl.Provider ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(self)),
        });
        var answer = new FutureActorRef<T>(provider);
        provider.AddTemporary(answer);
        var limit = timeout ?? provider.Settings.AskTimeout;
        CancellationTokenSource timer = null;
        CancellationTokenRegistration expiry = default;
        if (limit != Timeout.InfiniteTimeSpan && limit > TimeSpan.Zero)
        {
            timer = new CancellationTokenSource(limit);
            expiry = timer.Token.Register(() => answer.TryFail(new AskTimeoutException($"Timeout after {limit.TotalSeconds} seconds")));
        }
        var cancellation = cancellationToken.CanBeCanceled ? cancellationToken.Register(() => answer.TryCancel(cancellationToken)) : default;
        answer.Task.ContinueWith(
            _ =>
            {
                provider.RemoveTemporary(answer);
                expiry.Dispose();
                cancellation.Dispose();
                timer?.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        self.Tell(messageFactory(answer), answer);
        return answer.Task;
    }
}

/// <summary>The reference that an answer is sent to. What comes after the first answer is a dead letter.</summary>
internal sealed class FutureActorRef<T>(LocalProvider provider) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Task => _result.Task;

    public override ActorPath Path { get; } = provider.NextTemporaryPath();

    public override IActorRefProvider Provider => provider;

    internal void TryFail(Exception cause) => _result.TrySetException(cause);

    internal void TryCancel(CancellationToken token) => _result.TrySetCanceled(token);

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch watch && _result.Task.IsCompleted)
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false, addressTerminated: false));
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        var taken = message switch
        {
            T answer => _result.TrySetResult(answer),
            null => _result.TrySetResult(default),
            Status.Failure failure => _result.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            _ => _result.TrySetException(new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (!taken && !_result.Task.IsCanceled)
            provider.DeadLetters.Tell(message, this);
    }
}
