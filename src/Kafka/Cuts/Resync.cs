namespace PolyglotSync.Kafka.Cuts;

/// <summary>How to begin anew where the topics cannot be followed any more, for messages.</summary>
public static class Resync
{
    public const string Anew = "begin anew: stop capture and nodes, delete the topics of the prefix, drop the slot, delete the pipeline's data and its state (:__PolySync) in the target, and start again with a copy";
}
