using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Persistence.Hosting;

/// <summary>Which parts of persistence a call sets up.</summary>
public enum PersistenceMode
{
    Both = 0,
    Journal = 1,
    SnapshotStore = 2,
}

/// <summary>Takes the event adapters of a journal in the real package; there are none here.</summary>
public sealed class AkkaPersistenceJournalBuilder
{
    public AkkaPersistenceJournalBuilder(string journalId, AkkaConfigurationBuilder builder)
    {
    }
}

/// <summary>Persistence in memory, for a host.</summary>
public static class AkkaPersistenceHostingExtensions
{
    /// <summary>Events live as long as the system.</summary>
    public static AkkaConfigurationBuilder WithInMemoryJournal(this AkkaConfigurationBuilder builder)
        => builder.AddHocon(ConfigurationFactory.ParseString("""
            akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
            akka.persistence.journal.inmem.class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
            """), HoconAddMode.Prepend);

    /// <summary>Snapshots live as long as the system.</summary>
    public static AkkaConfigurationBuilder WithInMemorySnapshotStore(this AkkaConfigurationBuilder builder, string snapshotStoreId = "inmem", bool isDefaultPlugin = true)
        => builder.AddHocon(ConfigurationFactory.ParseString(
            $"akka.persistence.snapshot-store.{snapshotStoreId}.class = \"Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence\"\n"
            + (isDefaultPlugin ? $"akka.persistence.snapshot-store.plugin = \"akka.persistence.snapshot-store.{snapshotStoreId}\"" : "")), HoconAddMode.Prepend);
}
