namespace PolyglotSync.Contracts;

/// <summary>A row image outside its batch's loop: valid while the batch (or the merged buffer) is retained. Default: no image.</summary>
public readonly record struct ImageRef(byte[]? Buffer, int Offset)
{
    public bool Exists => Buffer is not null;

    public RowImage Image => new(Buffer!, Offset);
}
