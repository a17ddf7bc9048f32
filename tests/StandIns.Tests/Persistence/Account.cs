using Akka.Actor;
using Akka.Persistence;

namespace StandIns.Tests.Persistence;

public sealed record Deposited(int Amount);

public sealed record Balance(int Amount, int Deposits);

/// <summary>Adds up deposits. Commands: a number, "balance", "snapshot", "fail", "forget", a list to deposit at once.</summary>
public sealed class Account : ReceivePersistentActor
{
    private int _balance;
    private int _deposits;
    private IActorRef? _asked;

    public Account(string id)
    {
        PersistenceId = id;
        Recover<SnapshotOffer>(offer => (_balance, _deposits) = offer.Snapshot is Balance b ? (b.Amount, b.Deposits) : throw new InvalidOperationException("an odd snapshot"));
        Recover<Deposited>(Apply);

        Command<int>(amount => Persist(new Deposited(amount), e =>
        {
            Apply(e);
            Sender.Tell(_balance);
        }));
        Command<int[]>(amounts => PersistAll(amounts.Select(a => new Deposited(a)), Apply));
        Command<string>(s => s == "balance", _ => Sender.Tell(new Balance(_balance, _deposits)));
        Command<string>(s => s == "sequence", _ => Sender.Tell(LastSequenceNr));
        Command<string>(s => s == "fail", _ => throw new InvalidOperationException("as asked"));
        Command<string>(s => s == "snapshot", _ =>
        {
            _asked = Sender;
            SaveSnapshot(new Balance(_balance, _deposits));
        });
        Command<string>(s => s == "forget", _ =>
        {
            _asked = Sender;
            DeleteMessages(LastSequenceNr);
        });
        Command<SaveSnapshotSuccess>(saved => _asked.Tell(saved));
        Command<SaveSnapshotFailure>(failed => _asked.Tell(failed));
        Command<DeleteMessagesSuccess>(deleted => _asked.Tell(deleted));
    }

    public override string PersistenceId { get; }

    private void Apply(Deposited e)
    {
        _balance += e.Amount;
        _deposits++;
    }
}
