using Akka.Streams.Dsl;
using Akka.Streams.Engine;

namespace Akka.Streams;

/// <summary>Ends streams from outside.</summary>
public interface IKillSwitch
{
    /// <summary>Fails downstream with the cause inside an <see cref="AggregateException"/>, and cancels upstream.</summary>
    void Abort(Exception cause);

    /// <summary>Completes downstream and cancels upstream.</summary>
    void Shutdown();
}

/// <summary>Makes kill switches.</summary>
public static class KillSwitches
{
    /// <summary>A flow that a token ends: with <see cref="OperationCanceledException"/>, or by completing.</summary>
    public static IGraph<FlowShape<T, T>, NotUsed> AsFlow<T>(this CancellationToken cancellationToken, bool cancelGracefully = false)
        => new Flow<T, T, NotUsed>((_, up) =>
        {
            var @switch = new Switch();
            cancellationToken.Register(() => @switch.Fire(cancelGracefully ? null : new OperationCanceledException(cancellationToken)));
            return (new SwitchPipe<T>(up, @switch), NotUsed.Instance);
        });

    /// <summary>One switch for many streams; streams started after it was used end at once.</summary>
    public static SharedKillSwitch Shared(string name) => new(name);

    /// <summary>A flow with a switch of its own for each materialization.</summary>
    public static IGraph<FlowShape<T, T>, UniqueKillSwitch> Single<T>()
        => new Flow<T, T, UniqueKillSwitch>((_, up) =>
        {
            var @switch = new Switch();
            return (new SwitchPipe<T>(up, @switch), new UniqueKillSwitch(@switch));
        });
}

/// <inheritdoc/>
public sealed class UniqueKillSwitch : IKillSwitch
{
    private readonly Switch _switch;

    internal UniqueKillSwitch(Switch @switch) => _switch = @switch;

    public void Abort(Exception cause) => _switch.Fire(new AggregateException(cause ?? throw new ArgumentNullException(nameof(cause))));

    public void Shutdown() => _switch.Fire(null);

    public override string ToString() => "SingleKillSwitch";
}

/// <inheritdoc/>
public sealed class SharedKillSwitch : IKillSwitch
{
    private readonly Switch _switch = new();
    private readonly string _name;

    internal SharedKillSwitch(string name) => _name = name;

    public void Abort(Exception cause) => _switch.Fire(new AggregateException(cause ?? throw new ArgumentNullException(nameof(cause))));

    public IGraph<FlowShape<T, T>, SharedKillSwitch> Flow<T>()
        => new Flow<T, T, SharedKillSwitch>((_, up) => (new SwitchPipe<T>(up, _switch), this));

    public void Shutdown() => _switch.Fire(null);

    public override string ToString() => $"KillSwitch({_name})";
}
