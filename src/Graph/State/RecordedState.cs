namespace PolyglotSync.Graph.State;

/// <summary>
/// What the target is known to hold of a pipeline's state: after a claim, a commit, or when it was read. While a write of the state is under way nothing is known, nor after one of
/// unknown outcome. So what did not move need not be written again, and a write can say from where it moves. May be used from any thread.
/// </summary>
internal sealed class RecordedState
{
    private readonly Lock _lock = new();
    private Known _known;

    /// <summary>What is known now.</summary>
    public Known Look()
    {
        lock (_lock) return _known;
    }

    /// <summary>A write of the state begins.</summary>
    /// <returns>What was known until now; its turn is what <see cref="Is"/> wants once the write is committed.</returns>
    public Known Begin()
    {
        lock (_lock)
        {
            var before = _known with { Turn = _known.Turn + 1 };
            _known = before with { Position = null, Copy = null };
            return before;
        }
    }

    /// <summary>The target holds the state; unless another write has begun since the turn.</summary>
    public void Is(long turn, TargetState state)
    {
        lock (_lock)
        {
            if (_known.Turn == turn) _known = new Known(turn, state.Generation, state.Position, state.Copy, state.Offsets is not null);
        }
    }

    /// <param name="Generation">Of the last state that was known.</param>
    /// <param name="Position">Null where it is not known.</param>
    /// <param name="Copy">Null where it is not known.</param>
    /// <param name="HasOffsets">True where the last state that was known had some.</param>
    public readonly record struct Known(long Turn, long Generation, Position? Position, CopyState? Copy, bool HasOffsets)
    {
        /// <summary>True where offsets are written, or removed: not where changes come from the log directly, as they did before.</summary>
        public bool Concerns(string? offsets) => offsets is not null || HasOffsets;

        /// <summary>True where the copy need not be written. States are immutable, and the same one is handed on while nothing is copied.</summary>
        public bool Holds(CopyState copy) => ReferenceEquals(Copy, copy);
    }
}
