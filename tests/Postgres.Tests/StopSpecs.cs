namespace PolyglotSync.Postgres.Tests;

/// <summary>Stopping what runs on a connection, in the moment in which the connection breaks by itself.</summary>
public sealed class StopSpecs
{
    [Fact]
    public void Whoever_stops_does_not_hear_of_a_connection_that_has_gone_before()
    {
        using var outer = new CancellationTokenSource();
        using var stop = new StopSignal(outer.Token);
        using var inner = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        using var gone = inner.Token.Register(() => throw new ObjectDisposedException("ManualResetEventSlim"));
        var isHeard = false;
        using var other = stop.Token.Register(() => isHeard = true);

        outer.Cancel();

        stop.IsAsked.ShouldBeTrue();
        isHeard.ShouldBeTrue();
    }

    [Fact]
    public async Task A_stop_that_fails_by_anything_else_is_told()
    {
        using var outer = new CancellationTokenSource();
        using var stop = new StopSignal(outer.Token);
        using var broken = stop.Token.Register(() => throw new InvalidOperationException("a mistake"));

        var failure = await Should.ThrowAsync<AggregateException>(stop.AskAsync);

        failure.GetBaseException().Message.ShouldBe("a mistake");
    }
}
