using Akka.Actor;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Placing;

/// <summary>
/// The pipelines that this node was given, with the settings that it read for them itself: with its own secrets, which never leave it. Whichever of them the cluster places here runs as the book says.
/// May be asked from any thread.
/// </summary>
public sealed class PipelineBook
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, BookEntry> _entries = new(StringComparer.Ordinal);
    private long _writes;

    /// <summary>Those that are to run.</summary>
    public IReadOnlyList<PipelineSettings> Pipelines
    {
        get { lock (_lock) return [.. _entries.Values.Where(e => !e.IsRemoved).Select(e => e.Settings)]; }
    }

    public BookEntry? Find(string pipeline)
    {
        lock (_lock) return _entries.GetValueOrDefault(pipeline);
    }

    /// <summary>Settings that are the very same object are no change.</summary>
    public void Put(PipelineSettings settings)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(settings.Name) is { IsRemoved: false } known && ReferenceEquals(known.Settings, settings)) return;
            _entries[settings.Name] = new BookEntry(settings, ++_writes, IsRemoved: false);
        }
    }

    /// <summary>What ran under the name is to end; it is remembered for as long as whoever runs it has to find out.</summary>
    public void Remove(string pipeline)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(pipeline) is { IsRemoved: false } known) _entries[pipeline] = new BookEntry(known.Settings, ++_writes, IsRemoved: true);
        }
    }
}

/// <param name="Stamp">Of the writing, in this process: another one means other settings.</param>
public sealed record BookEntry(PipelineSettings Settings, long Stamp, bool IsRemoved) : INoSerializationVerificationNeeded;
