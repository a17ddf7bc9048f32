using Akka.Streams.Stages;

namespace Akka.Streams.Dsl;

/// <summary>Sources that start again.</summary>
public static class RestartSource
{
    /// <summary>Starts again after a failure; completion passes.</summary>
    public static Source<T, NotUsed> OnFailuresWithBackoff<T, TMat>(Func<Source<T, TMat>> sourceFactory, RestartSettings settings)
        => Restarting(sourceFactory, settings, onlyOnFailures: true);

    /// <summary>Starts again after failure and completion.</summary>
    public static Source<T, NotUsed> WithBackoff<T, TMat>(Func<Source<T, TMat>> sourceFactory, RestartSettings settings)
        => Restarting(sourceFactory, settings, onlyOnFailures: false);

    private static Source<T, NotUsed> Restarting<T, TMat>(Func<Source<T, TMat>> sourceFactory, RestartSettings settings, bool onlyOnFailures)
        => new(run => (Recovering.Restart(run, () => run.Start(sourceFactory()), settings, onlyOnFailures), NotUsed.Instance));
}
