using System.Numerics;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// Orders and coalesces the changes of one bucket: between two drains each row keeps one state, its net effect. Not thread-safe; an entity actor owns one.
/// A row is followed over key changes: a living row is found by the key it has now, a deleted one by the key that the graph still knows.
/// The images stay where they are (batches, retained by the source actor until the drain is committed); only a merge with unsent columns copies.
/// </summary>
public sealed class RowCoalescer
{
    private RowState[] _states = new RowState[64];
    private int[] _heads = new int[128];
    private int _count;
    private int _rekeyed;

    /// <summary>Rows touched since the last drain, those without a net effect included.</summary>
    public int Count => _count;

    /// <param name="batch">The batch that holds the entry's images.</param>
    /// <param name="existenceUnknown">True where the graph may or may not have the row.</param>
    public void Add(ChangeBatch batch, in ChangeEntry entry, bool existenceUnknown)
    {
        switch (entry.Kind)
        {
            case ChangeKind.Insert or ChangeKind.Copy:
                Put(new ImageRef(batch.Buffer, entry.New), entry, existenceUnknown);
                break;
            case ChangeKind.Update:
                Update(batch, entry, existenceUnknown);
                break;
            case ChangeKind.Delete:
                Delete(batch, entry, existenceUnknown);
                break;
            case ChangeKind.Truncate:
                Truncate(entry.Relation.Table);
                break;
            case ChangeKind.Schema:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(entry), entry.Kind, "not a kind of change");
        }
    }

    /// <summary>Adds the net effects to <paramref name="into"/> and forgets them.</summary>
    public void Drain(int bucket, OperationBuffer into)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var state = ref _states[i];
            if (!state.Dropped) into.Add(NetEffect(state, bucket));
        }
        Array.Clear(_states, 0, _count);
        Array.Clear(_heads);
        _count = 0;
        _rekeyed = 0;
    }

    private static RowOperation NetEffect(in RowState state, int bucket)
    {
        var kind = state switch
        {
            { Deleted: true } => RowOperationKind.Delete,
            { Origin: Origin.Absent } => RowOperationKind.Insert,
            { Origin: Origin.Present } => RowOperationKind.Update,
            _ => RowOperationKind.Upsert,
        };
        return new RowOperation(kind, state.Relation, state.Deleted ? default : state.New, state.OldRelation, state.Old, state.OldImage,
            state.Position, bucket, state.Changes);
    }

    private void Put(ImageRef image, in ChangeEntry entry, bool existenceUnknown)
    {
        var hash = RowKey.Hash(image.Image, entry.Relation);
        var found = Find(hash, image.Image, entry.Relation, deleted: false);
        if (found < 0) found = Find(hash, image.Image, entry.Relation, deleted: true);
        if (found < 0)
        {
            found = Append(hash, entry, existenceUnknown ? Origin.Unknown : Origin.Absent);
            _states[found].New = image;
            return;
        }
        ref var state = ref _states[found];
        // A row of this key was deleted in the span: the node stays and takes the new row's values, so that what refers to it by key still does.
        if (state.Deleted) state.OldImage = OldImage.Key;
        state.Deleted = false;
        // A row that is read again has its relationships made to match, whatever became of it in the span.
        if (existenceUnknown && state.Origin == Origin.Present) state.Origin = Origin.Unknown;
        state.New = image;
        Touch(ref state, entry);
    }

    private void Update(ChangeBatch batch, in ChangeEntry entry, bool existenceUnknown)
    {
        var image = new ImageRef(batch.Buffer, entry.New);
        var old = entry.OldImage == OldImage.None ? image : new ImageRef(batch.Buffer, entry.Old);
        var oldHash = RowKey.Hash(old.Image, entry.Relation);
        var rekeyed = entry.OldImage != OldImage.None && !RowKey.Equal(old.Image, entry.Relation, image.Image, entry.Relation);
        var found = Find(oldHash, old.Image, entry.Relation, deleted: false);
        if (rekeyed) _rekeyed++;
        if (found < 0)
        {
            found = Append(rekeyed ? RowKey.Hash(image.Image, entry.Relation) : oldHash, entry, existenceUnknown ? Origin.Unknown : Origin.Present);
            _states[found].New = image;
            if (entry.OldImage == OldImage.None) return;
            _states[found].Old = old;
            _states[found].OldImage = entry.OldImage;
            return;
        }
        ref var state = ref _states[found];
        var leavesRemains = rekeyed && MayStandBetween(state, old, entry.Relation);
        state.New = ImageMerge.FillUnsent(image, entry.Relation, state.New, state.Relation);
        if (rekeyed)
        {
            if (!state.Old.Exists && state.Origin != Origin.Absent)
            {
                state.Old = old;
                state.OldRelation = entry.Relation;
                state.OldImage = OldImage.Key;
            }
            Unlink(found);
            Link(found, RowKey.Hash(image.Image, entry.Relation));
        }
        Touch(ref state, entry);
        if (leavesRemains) AppendDeleted(oldHash, old, OldImage.Key, entry, Origin.Unknown);
    }

    /// <summary>
    /// Where it is not known how much of the row's story the graph has seen, it may have the row under a key between the first and the last: a run that was killed had written it so far.
    /// </summary>
    private static bool MayStandBetween(in RowState state, ImageRef left, Relation relation) =>
        state is { Origin: Origin.Unknown, Old.Exists: true } && !RowKey.Equal(state.Old.Image, state.OldRelation, left.Image, relation);

    private void Delete(ChangeBatch batch, in ChangeEntry entry, bool existenceUnknown)
    {
        var old = new ImageRef(batch.Buffer, entry.Old);
        var hash = RowKey.Hash(old.Image, entry.Relation);
        var found = Find(hash, old.Image, entry.Relation, deleted: false);
        if (found < 0)
        {
            if (existenceUnknown && _rekeyed > 0 && HasLeft(old.Image, entry.Relation)) return;
            AppendDeleted(hash, old, entry.OldImage, entry, existenceUnknown ? Origin.Unknown : Origin.Present);
            return;
        }
        ref var state = ref _states[found];
        var leavesRemains = MayStandBetween(state, old, entry.Relation);
        Touch(ref state, entry);
        Unlink(found);
        if (state.Origin == Origin.Absent)
        {
            state.Dropped = true;
            return;
        }
        if (!state.Old.Exists)
        {
            state.Old = old;
            state.OldRelation = entry.Relation;
            state.OldImage = OldImage.Key;
        }
        state.Deleted = true;
        Link(found, RowKey.Hash(state.Old.Image, state.OldRelation));
        if (leavesRemains) AppendDeleted(hash, old, OldImage.Key, entry, Origin.Unknown);
    }

    /// <summary>
    /// True where the graph knows a row by this key that has another by now. That there is no row any more under the key (so says a look into the table) is no news then; and a delete of its
    /// own would come first and take the node that is to move.
    /// </summary>
    private bool HasLeft(RowImage key, Relation relation)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var state = ref _states[i];
            if (!state.Dropped && state.Old.Exists && state.OldRelation.Table == relation.Table && RowKey.Equal(state.Old.Image, state.OldRelation, key, relation)) return true;
        }
        return false;
    }

    private void AppendDeleted(ulong hash, ImageRef old, OldImage oldImage, in ChangeEntry entry, Origin origin)
    {
        var index = Append(hash, entry, origin);
        ref var state = ref _states[index];
        state.Old = old;
        state.OldImage = oldImage;
        state.Deleted = true;
    }

    private void Truncate(TableName table)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_states[i].Dropped || _states[i].Relation.Table != table) continue;
            Unlink(i);
            _states[i].Dropped = true;
        }
    }

    private static void Touch(ref RowState state, in ChangeEntry entry)
    {
        state.Relation = entry.Relation;
        state.Position = entry.Position;
        state.Changes++;
    }

    private int Append(ulong hash, in ChangeEntry entry, Origin origin)
    {
        if (_count == _states.Length) Grow();
        var index = _count++;
        _states[index] = new RowState { Origin = origin, Relation = entry.Relation, OldRelation = entry.Relation, Position = entry.Position, Changes = 1 };
        Link(index, hash);
        return index;
    }

    private int Find(ulong hash, RowImage key, Relation relation, bool deleted)
    {
        for (var i = _heads[Head(hash)] - 1; i >= 0; i = _states[i].Next - 1)
        {
            ref var state = ref _states[i];
            if (state.Hash != hash || state.Deleted != deleted || state.Relation.Table != relation.Table) continue;
            var same = deleted
                ? RowKey.Equal(state.Old.Image, state.OldRelation, key, relation)
                : RowKey.Equal(state.New.Image, state.Relation, key, relation);
            if (same) return i;
        }
        return -1;
    }

    private int Head(ulong hash) => (int)(hash & (ulong)(_heads.Length - 1));

    private void Link(int index, ulong hash)
    {
        var head = Head(hash);
        _states[index].Hash = hash;
        _states[index].Next = _heads[head];
        _heads[head] = index + 1;
    }

    private void Unlink(int index)
    {
        var head = Head(_states[index].Hash);
        if (_heads[head] == index + 1)
        {
            _heads[head] = _states[index].Next;
            return;
        }
        var i = _heads[head] - 1;
        while (_states[i].Next != index + 1) i = _states[i].Next - 1;
        _states[i].Next = _states[index].Next;
    }

    private void Grow()
    {
        Array.Resize(ref _states, _states.Length * 2);
        _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)_states.Length * 2)];
        for (var i = 0; i < _count; i++)
            if (!_states[i].Dropped) Link(i, _states[i].Hash);
    }
}
