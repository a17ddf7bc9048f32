using PolyglotSync.Contracts;
using PolyglotSync.Faults.Load;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Faults;

/// <summary>Draws a fault and its parameters.</summary>
public static class FaultCatalog
{
    /// <summary>Places that a node passes only while it starts for the first time, and copies.</summary>
    private static readonly string[] CopyPlaces = [Failpoint.BeforeSlot, Failpoint.BeforeClaim, Failpoint.ChunkRead, Failpoint.BeforeChunkRecorded, Failpoint.AfterChunkRecorded];

    private static readonly string[] StreamPlaces = [Failpoint.BeforeEntities, Failpoint.BeforeCommit, Failpoint.AfterCommit, Failpoint.BeforeAcknowledge];

    /// <summary>For the first node of a run.</summary>
    public static string FirstFailpoint(Random random)
    {
        var place = CopyPlaces[random.Next(CopyPlaces.Length)];
        return $"{place}@{(place is Failpoint.BeforeSlot or Failpoint.BeforeClaim ? 1 : random.Next(1, 5))}";
    }

    public static Fault Draw(Random random, GraphKind kind)
    {
        var fault = DrawOne(random, kind);
        return random.Next(6) == 0 ? fault.With(AddColumn(random)) : fault;
    }

    internal static Fault DrawOne(Random random, GraphKind kind)
    {
        var link = random.Next(2) == 0 ? NetworkLink.Source : NetworkLink.Target;
        return random.Next(20) switch
        {
            0 => NodeFaults.Kill(random.Next(500)),
            1 => NodeFaults.Failpoint(StreamPlaces[random.Next(StreamPlaces.Length)], random.Next(1, 30)),
            2 => NodeFaults.Failpoint(Failpoint.Stopping, 1),
            3 => NodeFaults.Stop(),
            4 => NodeFaults.ClockJump((random.Next(2) * 2 - 1) * random.Next(60, 100_000)),
            5 => NodeFaults.SecondNode(),
            6 => NodeFaults.Zombie(random.Next(200, 2_000)),
            7 => SourceFaults.Kill(random.Next(1_000)),
            8 => SourceFaults.Restart(random.Next(2) == 0 ? "fast" : "immediate"),
            9 => SourceFaults.RestartInLargeTransaction(random.Next(2) == 0 ? "fast" : "immediate", random.Next(1_000, 10_000)),
            10 => SourceFaults.SenderTimeout(random.Next(1_500, 4_000)),
            11 => SourceFaults.LargeTransaction(random.Next(500, 15_000)),
            12 => TargetFaults.Kill(random.Next(1_000)),
            13 => TargetFaults.KillTransactions(random.Next(3, 15)),
            14 => kind == GraphKind.Falkor || random.Next(2) == 0 ? TargetFaults.OutOfMemory(random.Next(300, 2_500)) : TargetFaults.Deadlocks(random.Next(500, 3_000)),
            15 => NetworkFaults.Cut(link, random.Next(1, 6)),
            16 => NetworkFaults.Refuse(link, random.Next(200, 4_000)),
            17 => NetworkFaults.Delay(link, random.Next(5, 60), random.Next(1_000, 3_000)),
            18 => random.Next(2) == 0 ? NetworkFaults.Halve(link, random.Next(1, 6)) : NetworkFaults.Deafen(link, random.Next(200, 1_500)),
            _ => NetworkFaults.Silence(link, random.Next(500, 4_000), random.Next(2) == 0),
        };
    }

    internal static Fault AddColumn(Random random)
    {
        var types = new[] { "int", "text default 'same'", "double precision default random()", "timestamptz default clock_timestamp()", "boolean not null default true" };
        return SourceFaults.AddColumn(LoadSchema.Tables[random.Next(LoadSchema.Tables.Count)], $"extra_{random.Next(1_000)}", types[random.Next(types.Length)]);
    }
}
