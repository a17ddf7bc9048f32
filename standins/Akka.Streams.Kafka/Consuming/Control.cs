using Akka.Streams.Kafka.Helpers;

namespace Akka.Streams.Kafka.Consuming;

/// <summary>The control of one running consumer.</summary>
internal sealed class Control(Action stop, Action shutdown, Task closed) : IControl
{
    public Task IsShutdown => closed;

    public async Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion)
    {
        await Stop().ConfigureAwait(false);
        try
        {
            return await streamCompletion.ConfigureAwait(false);
        }
        finally
        {
            await Shutdown(null).ConfigureAwait(false);
        }
    }

    public Task Stop()
    {
        stop();
        return Task.CompletedTask;
    }

#nullable enable
    public Task Shutdown(Exception? ex)
    {
        shutdown();
        return closed;
    }
}
