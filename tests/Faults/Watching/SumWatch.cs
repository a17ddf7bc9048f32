using PolyglotSync.Faults.Load;
using PolyglotSync.Faults.Worlds;

namespace PolyglotSync.Faults.Watching;

/// <summary>A reader that locks the pipeline's node first and adds the balances up, again and again: whole source transactions never change the sum.</summary>
public sealed class SumWatch : BackgroundWork
{
    private const string Read = "MATCH (s:__PolySync {pipeline: '" + FaultWorld.Pipeline + "'}) WHERE s.copy IS NOT NULL SET s.lock = true REMOVE s.lock "
        + "WITH s MATCH (a:Account) RETURN s.copy, toString(sum(a.balance)) AS sum";

    private readonly FaultWorld _world;

    public SumWatch(FaultWorld world)
    {
        _world = world;
        Begin(() => RepeatAsync(50, ReadAsync, Stopping));
    }

    public int Reads { get; private set; }

    /// <summary>Sums that were not the one.</summary>
    public List<long> Wrong { get; } = [];

    private async Task ReadAsync()
    {
        try
        {
            if (await _world.Graph.QueryAsync(Read) is not [[{ } copy, { } text]] || !new PipelineMark("", copy, 0).IsCopied) return;
            Reads++;
            var sum = long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            if (sum != LoadSchema.Sum) Wrong.Add(sum);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException or InvalidOperationException)
        {
            // the server is down, or has chosen this reader to end a deadlock
        }
    }
}
