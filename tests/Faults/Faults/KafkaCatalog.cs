using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Faults.Faults;

/// <summary>Draws a fault for a run through Kafka: what may happen without it may happen here too, to whoever reads the slot or writes the graph.</summary>
public static class KafkaCatalog
{
    /// <summary>Places that are passed while a pipeline starts for the first time, and copies.</summary>
    private static readonly string[] FirstPlaces =
    [
        Failpoint.BeforeSlot, Failpoint.BeforeClaim, Failpoint.ChunkRead, Failpoint.BeforeChunkRecorded, Failpoint.AfterChunkRecorded,
        Failpoint.AfterProduce, Failpoint.BeforeCut, Failpoint.AfterCut, Failpoint.InRebalance, Failpoint.BeforeCutRead, Failpoint.AfterCutRead,
    ];

    private static readonly string[] Places = [Failpoint.AfterProduce, Failpoint.BeforeCut, Failpoint.AfterCut, Failpoint.InRebalance, Failpoint.BeforeCutRead, Failpoint.AfterCutRead];

    /// <summary>For the first processes of a run.</summary>
    public static string FirstFailpoint(Random random)
    {
        var place = FirstPlaces[random.Next(FirstPlaces.Length)];
        return $"{place}@{(IsPassedOnce(place) ? 1 : random.Next(1, 5))}";
    }

    public static Fault Draw(Random random, GraphKind kind, CaptureMode capture)
    {
        var fault = random.Next(5) < 2 ? DrawUsual(random, kind, capture) : DrawOne(random, capture);
        return random.Next(6) == 0 ? fault.With(FaultCatalog.AddColumn(random)) : fault;
    }

    private static Fault DrawUsual(Random random, GraphKind kind, CaptureMode capture)
    {
        var fault = FaultCatalog.DrawOne(random, kind);
        // where the capture is a process of its own two nodes share the work in good order
        return capture == CaptureMode.Embedded ? fault : fault.Name switch
        {
            NodeFaults.SecondName => KafkaFaults.SecondReader(random.Next(2) == 0, random.Next(2) == 0),
            NodeFaults.ZombieName => KafkaFaults.ZombieReader(random.Next(200, 2_000), random.Next(2) == 0),
            _ => fault,
        };
    }

    private static Fault DrawOne(Random random, CaptureMode capture) => random.Next(capture == CaptureMode.Separate ? 17 : 11) switch
    {
        0 => KafkaFaults.Kill(random.Next(2_000)),
        1 => KafkaFaults.Restart(),
        2 => KafkaFaults.Still(random.Next(500, 5_000)),
        3 or 4 or 5 => AtPlace(random),
        6 => NetworkFaults.Refuse(NetworkLink.Kafka, random.Next(500, 6_000)),
        7 => NetworkFaults.Cut(NetworkLink.Kafka, random.Next(1, 6)),
        8 => NetworkFaults.Delay(NetworkLink.Kafka, random.Next(5, 60), random.Next(1_000, 3_000)),
        9 => random.Next(2) == 0 ? NetworkFaults.Halve(NetworkLink.Kafka, random.Next(1, 6)) : NetworkFaults.Deafen(NetworkLink.Kafka, random.Next(200, 1_500)),
        10 => NetworkFaults.Silence(NetworkLink.Kafka, random.Next(500, 5_000), random.Next(2) == 0),
        11 or 12 => KafkaFaults.KillCapture(random.Next(500)),
        13 => KafkaFaults.StopCapture(),
        14 => random.Next(2) == 0 ? KafkaFaults.KillStoppingCapture() : KafkaFaults.ZombieCapture(random.Next(200, 2_000)),
        15 => KafkaFaults.ZombieReader(random.Next(200, 2_000), random.Next(2) == 0),
        _ => KafkaFaults.SecondReader(random.Next(2) == 0, random.Next(2) == 0),
    };

    private static Fault AtPlace(Random random)
    {
        var place = Places[random.Next(Places.Length)];
        return NodeFaults.Failpoint(place, IsPassedOnce(place) ? 1 : random.Next(1, 30));
    }

    private static bool IsPassedOnce(string place) => place is Failpoint.BeforeSlot or Failpoint.BeforeClaim or Failpoint.InRebalance;
}
