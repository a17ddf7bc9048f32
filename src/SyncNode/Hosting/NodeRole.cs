namespace PolyglotSync.SyncNode.Hosting;

/// <summary>What kind of node this is; each has its HOCON file.</summary>
internal enum NodeRole : byte
{
    /// <summary>On its own: no cluster, no port, the journal in memory unless one is named.</summary>
    Embedded,
    /// <summary>A member of a cluster (of one, until more are named): sharded entities, the journal in PostgreSQL.</summary>
    Node,
    /// <summary>One of several nodes that share the pipelines out: remoting, sharded pipelines and entities, a split-brain resolver, one journal in PostgreSQL for all.</summary>
    Cluster,
}
