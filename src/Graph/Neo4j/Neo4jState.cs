using PolyglotSync.Graph.State;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>
/// The pipeline's state node and the fence. The fence is the first statement of a transaction: its SET takes the node's lock before the generation is
/// read, so a zombie and the new owner come one after the other, and whoever comes second sees what the first has done. (Last would let a zombie write for nothing;
/// reading before locking would let it slip past a claim.) Parts of a set in parallel mode each lock one of a few slot nodes instead, which a claim locks all.
/// </summary>
internal static class Neo4jState
{
    public const int Slots = 16;

    public const string Constraint = "CREATE CONSTRAINT polysync_state IF NOT EXISTS FOR (s:__PolySync) REQUIRE s.pipeline IS UNIQUE";

    public const string Read = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) RETURN {StateText.Returned}";

    /// <summary>After whatever transaction is open has ended: one whose answer was lost may still be on its way to its commit. Changes nothing.</summary>
    public const string ReadSettled = $"MATCH (s:__PolySync {{pipeline: $pipeline}}) SET s.lock = true REMOVE s.lock RETURN {StateText.Returned}";

    public const string Claim =
        "MERGE (s:__PolySync {pipeline: $pipeline}) SET s.updated_at = datetime() WITH s WHERE $after < 0 OR coalesce(s.generation, 0) = $after SET s.generation = coalesce(s.generation, 0) + 1, s.node = $node "
        + "WITH s CALL { WITH s MATCH (f:__PolySync) WHERE f.pipeline STARTS WITH s.pipeline + '#' SET f.updated_at = datetime() } "
        + $"RETURN {StateText.Returned}";

    private const string Fence = "MATCH (s:__PolySync {pipeline: $pipeline}) SET s.updated_at = datetime() WITH s WHERE s.generation = $generation";

    /// <summary>Where the position is not the one that the write moves on from, an earlier one came late: a broken connection may deliver what it was given long after.</summary>
    private const string From = " AND coalesce(s.position, '0/0:-1') = $from";

    private const string Position = " SET s.position = $position, s.watermark = $watermark, s.intent = $intent";

    private const string Offsets = ", s.offsets = $offsets";

    /// <summary>The fence and the position, without what is given back.</summary>
    public static string MoveFrom(bool carriesOffsets) => carriesOffsets ? $"{Fence}{From}{Position}{Offsets}" : $"{Fence}{From}{Position}";

    /// <param name="carriesOffsets">Only where changes come through a broker, or came.</param>
    /// <param name="carriesCopy">How far the copy is, is written only where it moved: with its columns it is by far the largest part.</param>
    public static string Write(bool isFromKnown, bool carriesOffsets, bool carriesCopy) =>
        string.Concat(isFromKnown ? MoveFrom(carriesOffsets) : carriesOffsets ? $"{Fence}{Position}{Offsets}" : $"{Fence}{Position}", carriesCopy ? ", s.copy = $copy" : "", " RETURN s.generation");

    /// <summary>Made together with an intent, which locks the state node: so a claim sees either none or all.</summary>
    public const string MakeSlots = "UNWIND range(0, 15) AS i MERGE (f:__PolySync {pipeline: $pipeline + '#' + i})";

    public const string CheckPart =
        "MERGE (f:__PolySync {pipeline: $slot}) SET f.updated_at = datetime() WITH f MATCH (s:__PolySync {pipeline: $pipeline}) "
        + "WHERE s.generation = $generation RETURN s.generation";

    /// <param name="from">The position that the write moves on from; null where it is not known.</param>
    /// <param name="carriesOffsets">As the statement's.</param>
    public static Dictionary<string, object> Parameters(string pipeline, TargetState state, long generation, Position? from, bool carriesOffsets)
    {
        var position = state.Position.ToString();
        var parameters = new Dictionary<string, object>
        {
            ["pipeline"] = pipeline,
            ["generation"] = generation,
            ["position"] = position,
            ["watermark"] = state.Watermark.ToString(),
            ["intent"] = state.Intent == state.Position ? position : state.Intent.ToString(),
        };
        if (carriesOffsets) parameters["offsets"] = state.Offsets!;
        if (from is { } known) parameters["from"] = known.ToString();
        return parameters;
    }

    public static PipelineFailure Late(string pipeline, string address) => new(FailureClass.Transient,
        $"{address}: an earlier write of pipeline '{pipeline}', whose answer was lost, has come late; its state is read again")
    { ExitCode = ExitCode.TargetUnavailable };

    public static PipelineFailure Gone(string pipeline, string address) => new(FailureClass.Fatal,
        $"the graph at {address} no longer holds the state of pipeline '{pipeline}' (:__PolySync): it was deleted, or its server lost it; delete what is left of the pipeline's data "
        + "there and start again: it copies anew")
    { ExitCode = ExitCode.TargetUnavailable };
}
