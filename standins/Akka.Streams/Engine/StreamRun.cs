using Akka.Event;

namespace Akka.Streams.Engine;

/// <summary>One materialized stream: what its parts share, and its loops. It is over when the last loop has ended.</summary>
internal sealed class StreamRun
{
    private readonly Switch _abort = new();
    private readonly Action<StreamRun> _over;
    private int _loops = 1;

    public StreamRun(ActorMaterializer materializer, Action<StreamRun> over) => (Materializer, _over) = (materializer, over);

    public ActorMaterializer Materializer { get; }

    public ILoggingAdapter Log => Materializer.Logger;

    /// <summary>The attributes around the part that is being started.</summary>
    public Attributes Attributes { get; private set; } = Attributes.None;

    public T Within<T>(Attributes attributes, Func<T> start)
    {
        var outer = Attributes;
        Attributes = outer.And(attributes);
        try
        {
            return start();
        }
        finally
        {
            Attributes = outer;
        }
    }

    /// <summary>Wraps what a sink reads, so that the end of the materializer ends the stream.</summary>
    public Pipe<T> Guard<T>(Pipe<T> pipe) => new SwitchPipe<T>(pipe, _abort);

    public void Abort(Exception cause) => _abort.Fire(cause);

    /// <summary>Starts a source within this run; its materialized value is lost.</summary>
    public Pipe<T> Start<T, TMat>(IGraph<SourceShape<T>, TMat> source)
    {
        source.Blueprint().Start(this, out var output);
        return output;
    }

    /// <summary>Runs a loop on the thread pool. Loops report their own failures; one that escapes is a defect and is logged.</summary>
    public void Drive(Func<Task> loop)
    {
        Interlocked.Increment(ref _loops);
        _ = Task.Run(async () =>
        {
            try
            {
                await loop().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                Report(cause);
            }
            finally
            {
                Leave();
            }
        });
    }

    /// <summary>All parts are attached: from now on the run ends with its last loop.</summary>
    public void Started() => Leave();

    public void Report(Exception cause) => Log.Error(cause, "An error after the end of a stream");

    private void Leave()
    {
        if (Interlocked.Decrement(ref _loops) == 0)
            _over(this);
    }
}
