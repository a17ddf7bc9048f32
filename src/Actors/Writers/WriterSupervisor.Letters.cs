using Akka.Actor;
using Akka.Event;
using PolyglotSync.Actors.Measures;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>Dead letters: they are kept before what is written without them, and resolved after what brings their rows.</summary>
public sealed partial class WriterSupervisor
{
    private StoreLetters Followers(DeadRowPlan plan)
    {
        var now = _context.Clock.GetUtcNow();
        return new StoreLetters([.. plan.Dead.Select(operation => DeadLetterRecord.From(_context.Settings.Name, operation, DeadRows.Follows, null, now) with { Follows = true })], () => Write(plan.Write));
    }

    private void Store(StoreLetters store) => _context.DeadLetters.AddAsync(store.Letters, CancellationToken.None)
        .PipeTo(Self, success: opened => new LettersStored(store, opened), failure: e => new StoreFailed(store, Classify(e)));

    private void OnStored(LettersStored stored)
    {
        if (_storeBackoff.Attempts > 0) Context.Parent.Tell(new PartDegraded("dead letters", null));
        _storeBackoff.Reset();
        Context.Parent.Tell(new DeadLettersAdded(stored.Opened));
        stored.Store.Then();
    }

    private void OnStoreFailed(StoreFailed failed)
    {
        if (failed.Failure.Class != FailureClass.Transient)
        {
            Context.Parent.Tell(new PartFailed(failed.Failure));
            return;
        }
        Timers.StartSingleTimer(failed.Store, failed.Store, _storeBackoff.Next());
        Context.Parent.Tell(new PartDegraded("dead letters", failed.Failure.Message));
    }

    /// <summary>Beside the stream: what it says of letters may come late, but what the graph holds is never wrong for it.</summary>
    private void Resolve()
    {
        // one that could not be marked in time may have been refused again since
        var keys = _resolved.Where(key => !_deadRows.Contains(key)).ToArray();
        _resolved.Clear();
        if (keys.Length == 0) return;
        ResolveAsync(keys).PipeTo(Self, failure: e => new Resolved(keys, null, Classify(e)));

        async Task<Resolved> ResolveAsync(DeadKey[] settled)
        {
            await _context.DeadLetters.ResolveAsync(_context.Settings.Name, settled, CancellationToken.None);
            return new Resolved(settled, await _context.DeadLetters.CountAsync(_context.Settings.Name, CancellationToken.None), null);
        }
    }

    private void OnResolved(Resolved resolved)
    {
        if (resolved.Open is { } open)
        {
            Context.Parent.Tell(new DeadLettersCounted(open));
            return;
        }
        _log.Warning("{0} dead letters are not marked as resolved yet: {1}", resolved.Keys.Count, resolved.Failure?.Message);
        _resolved.AddRange(resolved.Keys);
    }

    private static PipelineFailure Classify(Exception exception) => exception.Unwrapped() switch
    {
        PipelineFailure failure => failure,
        var bug => new PipelineFailure(FailureClass.Fatal, $"keeping dead letters failed: {bug.Message}", bug),
    };

    private sealed record StoreLetters(IReadOnlyList<Contracts.DeadLetter> Letters, Action Then) : INoSerializationVerificationNeeded;

    private sealed record LettersStored(StoreLetters Store, int Opened) : INoSerializationVerificationNeeded;

    private sealed record StoreFailed(StoreLetters Store, PipelineFailure Failure) : INoSerializationVerificationNeeded;

    private sealed record Resolved(IReadOnlyList<DeadKey> Keys, long? Open, PipelineFailure? Failure) : INoSerializationVerificationNeeded;
}
