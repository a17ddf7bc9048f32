namespace Akka.Actor;

/// <summary>Sends the outcome of a task as a message: the result, or <see cref="Status.Failure"/>.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the outcome to the recipient.</summary>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends the outcome to the recipient.</summary>
    public static async Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null)
    {
        sender ??= ActorRefs.NoSender;
        object outcome;
        try
        {
            var result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            outcome = success == null ? result : success(result);
        }
        catch (Exception cause)
        {
            outcome = failure == null ? new Status.Failure(cause) : failure(cause);
        }
        recipient.Tell(outcome, sender);
    }

    /// <summary>Sends a failure to the recipient, or what <paramref name="success"/> makes; without it nothing.</summary>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends a failure to the recipient, or what <paramref name="success"/> makes; without it nothing.</summary>
    public static async Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null)
    {
        object outcome;
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            if (success == null)
                return;
            outcome = success();
        }
        catch (Exception cause)
        {
            outcome = failure == null ? new Status.Failure(cause) : failure(cause);
        }
        recipient.Tell(outcome, sender);
    }

    /// <summary>Sends the outcome to the recipient.</summary>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends the outcome to the recipient.</summary>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);

    /// <summary>Sends a failure to the recipient, or what <paramref name="success"/> makes; without it nothing.</summary>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Sends a failure to the recipient, or what <paramref name="success"/> makes; without it nothing.</summary>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);
}

/// <summary>Stopping an actor and waiting for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/> and waits until the actor has ended.</summary>
    /// <exception cref="TaskCanceledException">It has not in that time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop, and waits until it has ended.</summary>
    /// <exception cref="TaskCanceledException">It has not in that time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        using var expired = new CancellationTokenSource(timeout);
        var watching = target.WatchAsync(expired.Token);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return await watching.ConfigureAwait(false) ? true : throw new TaskCanceledException($"{target} did not stop within {timeout}.");
    }
}

/// <summary>Waiting for the end of an actor.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True once the actor has ended; false when cancelled before.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        var watched = (IInternalActorRef)target;
        var end = new EndRef((LocalProvider)watched.Provider);
        using var cancelled = token.Register(() => end.Ended.TrySetResult(false));
        watched.SendSystemMessage(new Dispatch.SysMsg.Watch(watched, end));
        return await end.Ended.Task.ConfigureAwait(false);
    }

    private sealed class EndRef(LocalProvider provider) : MinimalActorRef
    {
        internal TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ActorPath Path { get; } = provider.NextTemporaryPath();

        public override IActorRefProvider Provider => provider;

        public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message)
        {
            if (message is Dispatch.SysMsg.DeathWatchNotification)
                Ended.TrySetResult(true);
        }
    }
}
