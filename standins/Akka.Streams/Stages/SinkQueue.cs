using Akka.Pattern;
using Akka.Streams.Engine;
using Akka.Util;

namespace Akka.Streams.Stages;

/// <summary>Sink.Queue. What is buffered comes before a failure.</summary>
internal sealed class SinkQueue<T> : ISinkQueue<T>
{
    private const int Ahead = 16;

    private readonly Handover<T> _buffer = new(Ahead);
    private Exception _failure;
    private int _pulling;

    public SinkQueue(StreamRun run, Pipe<T> up) => run.Drive(() => ReadAsync(up));

    public async Task<Option<T>> PullAsync()
    {
        if (Interlocked.Exchange(ref _pulling, 1) == 1)
            throw new IllegalStateException("You have to wait for previous future to be resolved to send another request");
        try
        {
            if (await _buffer.WaitForItemAsync().ConfigureAwait(false))
                return Option<T>.Create(_buffer.Take());
        }
        finally
        {
            Volatile.Write(ref _pulling, 0);
        }
        return _failure == null ? Option<T>.None : throw _failure;
    }

    private async Task ReadAsync(Pipe<T> up)
    {
        try
        {
            while (await _buffer.WaitForSpaceAsync().ConfigureAwait(false) && await up.PullAsync().ConfigureAwait(false))
                _buffer.Put(up.Current);
        }
        catch (Exception cause)
        {
            _failure = cause;
        }
        _buffer.Complete();
    }
}
