using Npgsql;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>Runs one random case on real servers and compares.</summary>
public sealed class CaseRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly World _world;
    private readonly RandomCase _case;
    private bool _isUp;

    private CaseRun(World world, RandomCase made)
    {
        _world = world;
        _case = made;
    }

    /// <param name="damage">Done to the graph behind the node's back before the comparison; to see whether it is found.</param>
    /// <returns>Empty where graph and tables agree, else what differs or went wrong.</returns>
    public static async Task<string> ProblemAsync(RealServers servers, RandomCase made, Func<World, Task>? damage = null)
    {
        await using var world = await World.NewAsync(servers, made.Kind);
        world.Consistency = made.Consistency;
        world.Manifest = made.Limits.Manifest;
        world.CopyChunkRows = made.Limits.CopyChunkRows;
        try
        {
            await new CaseRun(world, made).RunAsync();
            await world.CaughtUpAsync((int)Patience.TotalMilliseconds);
            if (damage is not null) await damage(world);
            var differences = PictureDiff.Describe(await world.DifferencesAsync());
            var letters = (await world.Node!.Api.StatusAsync(World.Pipeline))?.Pipeline.DeadLetters;
            if (differences.Length == 0 && letters == 0) return "";
            return $"{differences}{(letters == 0 ? "" : $"\n{letters} dead letters")}\nThe node says:\n{world.Node.Error}";
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException or HttpRequestException)
        {
            return $"{(e is HttpRequestException ? e : e.Message)}\nThe node says:\n{world.Node?.Error}";
        }
    }

    private async Task RunAsync()
    {
        await _world.SqlAsync(_case.Schema.Ddl());
        var down = 0;
        for (var i = 0; i <= _case.Transactions.Count; i++)
        {
            if (i == _case.Before) Start();
            else if (i > _case.Before && !_isUp && down-- <= 0) Start();
            if (i == _case.Before + _case.DuringCopy && _isUp) await _world.Node!.UntilStreamingAsync(World.Pipeline, Patience);
            foreach (var interruption in _case.Interruptions.Where(x => x.Before == i && _isUp))
            {
                await InterruptAsync(interruption);
                down = interruption.Down;
            }
            if (i < _case.Transactions.Count) await CommitAsync(_case.Sql(_case.Transactions[i]));
        }
        if (!_isUp) Start();
        await _world.Node!.UntilStreamingAsync(World.Pipeline, Patience);
    }

    private void Start()
    {
        _world.Start();
        _isUp = true;
    }

    private async Task InterruptAsync(Interruption interruption)
    {
        // before it answers, the runtime itself takes the signals; a first start that meets a broken connection is for the one who started it to read
        if (interruption.EndsNode) await _world.Node!.UntilAnswersAsync(World.Pipeline, Patience);
        else await _world.Node!.UntilRunsAsync(World.Pipeline, Patience);
        switch (interruption.Trouble)
        {
            case Trouble.CutSource:
                await _world.CutSourceAsync();
                break;
            case Trouble.CutTarget:
                await _world.CutTargetAsync();
                break;
            case Trouble.Terminate or Trouble.Kill:
                await _world.EndAsync(kill: interruption.Trouble == Trouble.Kill);
                _isUp = false;
                break;
        }
    }

    /// <summary>A deferred constraint may refuse the commit: then nothing has happened, which is a case like any other.</summary>
    private async Task CommitAsync(string sql)
    {
        try
        {
            await _world.SqlAsync(sql);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // refused as a whole
        }
    }
}
