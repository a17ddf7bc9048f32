using Akka.Actor;
using Akka.Persistence.Protocol;

namespace Akka.Persistence.Snapshot;

/// <summary>What every snapshot store does: loads at once, changes one after another.</summary>
internal abstract class SnapshotStoreActor : ActorBase
{
    private Task _changes = Task.CompletedTask;

    /// <summary>The newest snapshot that matches, or null.</summary>
    protected abstract Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    protected override bool Receive(object message)
    {
        var (sender, self) = (Sender, Self);
        switch (message)
        {
            case LoadSnapshot load:
                _ = Answering(
                    async () => new LoadSnapshotResult(await LoadAsync(load.PersistenceId, load.Criteria.Limit(load.ToSequenceNr)).ConfigureAwait(false), load.ToSequenceNr),
                    cause => new LoadSnapshotFailed(cause));
                return true;
            case SaveSnapshot save:
                Change(() => SaveAsync(save.Metadata, save.Snapshot), new SaveSnapshotSuccess(save.Metadata), cause => new SaveSnapshotFailure(save.Metadata, cause));
                return true;
            case DeleteSnapshot delete:
                Change(() => DeleteAsync(delete.Metadata), new DeleteSnapshotSuccess(delete.Metadata), cause => new DeleteSnapshotFailure(delete.Metadata, cause));
                return true;
            case DeleteSnapshots delete:
                Change(() => DeleteAsync(delete.PersistenceId, delete.Criteria), new DeleteSnapshotsSuccess(delete.Criteria), cause => new DeleteSnapshotsFailure(delete.Criteria, cause));
                return true;
            default:
                return false;
        }

        void Change(Func<Task> change, object done, Func<Exception, object> failed)
        {
            var before = _changes;
            _changes = Answering(
                async () =>
                {
                    await before.ConfigureAwait(false);
                    await change().ConfigureAwait(false);
                    return done;
                },
                failed);
        }

        async Task Answering(Func<Task<object>> work, Func<Exception, object> failed)
        {
            object answer;
            try
            {
                answer = await work().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                answer = failed(cause);
            }
            sender.Tell(answer, self);
        }
    }
}
