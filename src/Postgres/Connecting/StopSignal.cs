namespace PolyglotSync.Postgres;

/// <summary>
/// A cancellation that may be asked for in the moment in which a connection breaks. Npgsql 10 cancels what is under way from a callback of the token, and that callback throws
/// <see cref="ObjectDisposedException"/> where the connector has gone before it: whoever cancels would get it, and would not come to closing the rest.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _outer;

    /// <param name="outer">Asks for it, too.</param>
    public StopSignal(CancellationToken outer) => _outer = outer.UnsafeRegister(static signal => ((StopSignal)signal!).Ask(), this);

    public CancellationToken Token => _source.Token;

    public bool IsAsked => _source.IsCancellationRequested;

    /// <exception cref="AggregateException">A callback failed by anything else than a connection that is gone.</exception>
    public void Ask()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException e) when (IsOfGoneConnections(e))
        {
            // Nothing is under way any more on a connection that is gone.
        }
    }

    /// <inheritdoc cref="Ask"/>
    public async Task AskAsync()
    {
        try
        {
            await _source.CancelAsync();
        }
        catch (AggregateException e) when (IsOfGoneConnections(e))
        {
            // As above.
        }
    }

    public void Dispose()
    {
        _outer.Dispose();
        _source.Dispose();
    }

    private static bool IsOfGoneConnections(AggregateException failure) => failure.Flatten().InnerExceptions.All(e => e is ObjectDisposedException);
}
