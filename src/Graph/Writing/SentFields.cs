using PolyglotSync.Graph.Plans;

namespace PolyglotSync.Graph.Writing;

/// <summary>Which of a plan's fields an image holds; all, save where an unchanged TOAST value was not sent. Equal where the same are sent.</summary>
internal readonly struct SentFields : IEquatable<SentFields>
{
    private readonly string? _mask;

    private SentFields(IReadOnlyList<Field> fields, string? mask)
    {
        Fields = fields;
        _mask = mask;
    }

    public IReadOnlyList<Field> Fields { get; }

    public bool IsWhole => _mask is null;

    public static SentFields All(TablePlan plan) => new(plan.Fields, null);

    public static SentFields Of(TablePlan plan, RowImage image)
    {
        if (image.IsWhole) return All(plan);
        var missing = 0;
        for (var i = 0; i < plan.Fields.Count; i++)
            if (!image.IsSent(plan.Fields[i].Ordinal)) missing++;
        if (missing == 0) return All(plan);
        var mask = new char[plan.Fields.Count];
        var sent = new List<Field>(plan.Fields.Count - missing);
        for (var i = 0; i < mask.Length; i++)
        {
            var isSent = image.IsSent(plan.Fields[i].Ordinal);
            mask[i] = isSent ? '1' : '0';
            if (isSent) sent.Add(plan.Fields[i]);
        }
        return new SentFields(sent, new string(mask));
    }

    public bool Equals(SentFields other) => _mask == other._mask;

    public override bool Equals(object? other) => other is SentFields sent && Equals(sent);

    public override int GetHashCode() => _mask?.GetHashCode(StringComparison.Ordinal) ?? 0;
}
