using Akka.Actor.Cells;

namespace Akka.Dispatch;

/// <summary>Runs asynchronous work as part of the message that an actor handles.</summary>
public class ActorTaskScheduler
{
    private ActorTaskScheduler()
    {
    }

    /// <summary>Runs an action as part of this message.</summary>
    public static void RunTask(Action action) => action();

    /// <summary>Runs something asynchronous; the next message waits for its end, and what it throws is a failure of the actor.</summary>
    /// <exception cref="InvalidOperationException">No actor runs on this thread.</exception>
    public static void RunTask(Func<Task> asyncAction) =>
        (ActorCell.Current ?? throw new InvalidOperationException("Cannot call RunTask outside of an actor.")).RunTask(asyncAction);
}
