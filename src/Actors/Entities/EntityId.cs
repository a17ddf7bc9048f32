using System.Globalization;

namespace PolyglotSync.Actors.Entities;

/// <summary>
/// Names the entity actor of one bucket for one run of a pipeline. The run is the generation that the pipeline claimed in the target, so no two runs,
/// on whichever node, ever share an entity: a new run starts with empty buckets.
/// </summary>
public sealed class EntityId
{
    private EntityId(string shard, int bucket)
    {
        Shard = shard;
        Bucket = bucket;
        Name = string.Create(CultureInfo.InvariantCulture, $"{shard}.{bucket}");
    }

    /// <summary>From 0.</summary>
    public int Bucket { get; }

    /// <summary><c>pipeline.run</c>: all buckets of a run live together, on the node of the source that feeds them.</summary>
    public string Shard { get; }

    /// <summary><c>pipeline.run.bucket</c></summary>
    public string Name { get; }

    public static EntityId[] All(string pipeline, long run, int buckets)
    {
        var shard = string.Create(CultureInfo.InvariantCulture, $"{pipeline}.{run}");
        return [.. Enumerable.Range(0, buckets).Select(bucket => new EntityId(shard, bucket))];
    }

    /// <summary>The shard that an entity's name tells.</summary>
    public static string ShardOf(string name) => name[..name.LastIndexOf('.')];

    public override string ToString() => Name;
}
