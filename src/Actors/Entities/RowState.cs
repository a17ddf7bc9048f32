using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Entities;

/// <summary>Whether the row was in the graph when the span began.</summary>
internal enum Origin : byte { Absent, Present, Unknown }

/// <summary>What became of one row since the last drain.</summary>
internal struct RowState
{
    public ulong Hash;
    public int Next;
    public Origin Origin;
    public bool Deleted;
    public bool Dropped;
    public OldImage OldImage;
    public Relation Relation;
    public ImageRef New;
    public Relation OldRelation;
    public ImageRef Old;
    public Position Position;
    public int Changes;
}
