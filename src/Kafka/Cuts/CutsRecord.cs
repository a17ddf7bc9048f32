using System.Text.Json.Serialization;

namespace PolyglotSync.Kafka.Cuts;

/// <summary>A record of <c>PREFIX.__cuts</c>, the log of what the topics of tables hold (docs/kafka.md). Which of them count, <see cref="CutsLog"/> decides.</summary>
public abstract record CutsRecord
{
    /// <summary>Each start of a capture is an epoch, numbered from 1.</summary>
    public required long Epoch { get; init; }
}

/// <summary>Somebody begins to capture: what earlier epochs write behind this record is void. Written before the capture looks where to resume.</summary>
public sealed record ClaimRecord : CutsRecord
{
    /// <summary>Tells claims of the same number apart: the first one counts.</summary>
    public required Guid By { get; init; }
}

/// <summary>An epoch begins: its changes follow on those of the cut that it resumes from.</summary>
public sealed record EpochRecord : CutsRecord
{
    /// <summary>What is captured; another source's changes never follow on these.</summary>
    public required SourceIdentity Source { get; init; }

    /// <summary>Epoch of the cut resumed from; 0 where there is none.</summary>
    public long ResumesEpoch { get; init; }

    /// <summary>Number of the last change before that cut in its epoch. Relations of later changes are void.</summary>
    public long ResumesChange { get; init; }

    /// <summary>Of the cut resumed from.</summary>
    public required Position Position { get; init; }

    /// <summary>Of the cut resumed from.</summary>
    public required Lsn Watermark { get; init; }

    /// <summary>How far the first copy was at the cut resumed from.</summary>
    public required CopyState Copy { get; init; }

    /// <summary>By topic, for each partition, the offset after the last message before the cut resumed from.</summary>
    public required IReadOnlyDictionary<string, long[]> Offsets { get; init; }

    /// <summary>By topic, for each partition, where the epoch's messages begin. What stands between <see cref="Offsets"/> and here belongs to no cut.</summary>
    public required IReadOnlyDictionary<string, long[]> Ends { get; init; }

    /// <summary>When the capture began.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The columns that a table's rows have from a change on.</summary>
public sealed record RelationRecord : CutsRecord
{
    /// <summary>Number of the change in its epoch from which on they hold: a row's, or that of the change of columns.</summary>
    public required long Change { get; init; }

    [JsonConverter(typeof(TableNameText))]
    public required TableName Table { get; init; }

    /// <summary>Of that change.</summary>
    public required Position At { get; init; }

    public required IReadOnlyList<RelationColumn> Columns { get; init; }

    /// <summary>Names of the columns that the row's key is made of, in key order.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>What changed, where the change is an entry of its own in the stream (<see cref="ChangeKind.Schema"/>); null where rows just come so.</summary>
    public ColumnsChange? Changed { get; init; }

    public Relation ToRelation() => new(Table, Columns, Key);
}

/// <summary>What <see cref="SchemaChange"/> carries.</summary>
public sealed record ColumnsChange(IReadOnlyList<ColumnRename> Renamed, IReadOnlyList<string> Dropped, IReadOnlyList<string> Added);

public sealed record ColumnRename(string From, string To);

/// <summary>Everything up to here is in the topics.</summary>
public sealed record CutRecord : CutsRecord
{
    /// <summary>Number of the last change before the cut in the epoch; 0 where there is none yet.</summary>
    public required long Change { get; init; }

    public required Position Position { get; init; }

    public required Lsn Watermark { get; init; }

    /// <summary>When the last transaction was committed: microseconds since 1970-01-01 UTC by the source's clock; 0 where unknown.</summary>
    [JsonPropertyName("commit_ts_us")]
    public long CommitTimestamp { get; init; }

    /// <summary>How far the first copy is; null: as the epoch's record says.</summary>
    public CopyState? Copy { get; init; }

    /// <summary>By topic, for each partition, the offset after the last message that belongs to this cut or an earlier one.</summary>
    public required IReadOnlyDictionary<string, long[]> Offsets { get; init; }

    [JsonIgnore]
    public Cut Cut => new(Position, Watermark);
}
