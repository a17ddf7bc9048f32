using System.Globalization;
using System.Text;
using PolyglotSync.Graph.Writing;

namespace PolyglotSync.Graph.Neo4j;

/// <summary>
/// The texts of small write sets that are sent whole: fence, position and all statements in one query, which is one round trip and a transaction of its own, in the place of
/// one each and two for BEGIN and COMMIT. Where an answer is not the one foreseen the query fails on purpose, so nothing of it stays. Planning a text takes Neo4j 10 to 100 ms, on a busy machine
/// several times that: it is planned beside the writes, which go the long way meanwhile (<see cref="WholeText"/>). Sending it saves a quarter of a millisecond. So a combination of statements gets a text
/// once it has come as often as pays for the server's work, and one of which a schema of many tables has hundreds never does; only the first few get theirs nearly at once. May be used by several writers at once.
/// </summary>
/// <param name="frequent">A combination gets its text at this time, where it is none of the first.</param>
/// <param name="isPlannedAhead">False: texts are sent without having been planned.</param>
internal sealed class WholeQueries(int frequent = WholeQueries.Worthwhile, bool isPlannedAhead = true)
{
    /// <summary>So often a text has to be of use before it has saved what planning it costs.</summary>
    private const int Worthwhile = 100;

    /// <summary>The first texts come at this time already: where there are few combinations, all are planned before much is under way.</summary>
    private const int Soon = 3;

    /// <summary>So many are the first.</summary>
    private const int First = 24;

    /// <summary>Statements of a set, at the most.</summary>
    public const int MaxStatements = 4;

    /// <summary>Operations of a set, at the most: in larger ones the round trips do not matter.</summary>
    public const int MaxOperations = 100;

    /// <summary>So often it goes the long way after an answer was not the one foreseen.</summary>
    private const int Pause = 30;

    private const int MaxKnown = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<Combination, Usage> _known = [];
    private int _made;

    /// <summary>How often a text that is planned was given out.</summary>
    public long Texts { get; private set; }

    /// <summary>Counts a set; null where its statements have not come often enough.</summary>
    /// <param name="carriesOffsets">Whether the state has offsets.</param>
    public WholeText? TextFor(IReadOnlyList<ForeseenStatement> statements, bool carriesOffsets)
    {
        if (statements.Count > MaxStatements) return null;
        var combination = Combination.Of(statements, carriesOffsets);
        lock (_lock)
        {
            if (!_known.TryGetValue(combination, out var usage))
            {
                if (_known.Count == MaxKnown) _known.Clear();
                _known.Add(combination, usage = new Usage());
            }
            if (usage.Text is null)
            {
                if (++usage.Seen < (_made < First ? Math.Min(Soon, frequent) : frequent)) return null;
                usage.Text = new WholeText(Compose(statements, carriesOffsets), isPlanned: !isPlannedAhead);
                _made++;
            }
            else if (usage.Pause > 0 && --usage.Pause > 0) return null;
            if (usage.Text.IsPlanned) Texts++;
            return usage.Text;
        }
    }

    /// <summary>The statements' answers were not those foreseen, or their text could not be planned.</summary>
    public void Disappoint(IReadOnlyList<ForeseenStatement> statements, bool carriesOffsets)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(Combination.Of(statements, carriesOffsets), out var usage)) usage.Pause = Pause;
        }
    }

    /// <summary>The parameter of a statement's rows.</summary>
    public static string RowsOf(int statement) => string.Create(CultureInfo.InvariantCulture, $"rows{statement}");

    /// <summary>
    /// Neo4j plans a text anew once its statistics have moved far from those of the plan, ten seconds after the first time at the earliest, while the set waits: 0.1 to 0.35 s where it has planned
    /// little before. No other statistics would give these texts another plan, as each node is found by the one index of its key; so they keep theirs.
    /// </summary>
    private const string KeepPlan = "CYPHER replan=skip ";

    /// <summary>No record: fenced. The division by zero (a constant one would fail when it is planned) takes everything back.</summary>
    internal static string Compose(IReadOnlyList<ForeseenStatement> statements, bool carriesOffsets)
    {
        var text = new StringBuilder(KeepPlan).Append(Neo4jState.MoveFrom(carriesOffsets)).Append(" WITH s, 0 AS wrong");
        for (var i = 0; i < statements.Count; i++)
        {
            var rows = "$" + RowsOf(i);
            text.Append(" CALL { UNWIND ").Append(rows).Append(" AS r ").Append(statements[i].Shape.Text).Append(" }");
            var wrong = statements[i].Shape.Answer switch
            {
                ShapeAnswer.Found => $"CASE WHEN found = size({rows}) THEN 0 ELSE 1 END",
                ShapeAnswer.FoundAndMoved => $"CASE WHEN found = size({rows}) THEN size(moved) ELSE 1 END",
                ShapeAnswer.Missing => "missing",
                _ => null,
            };
            if (wrong is not null) text.Append(" WITH s, wrong + ").Append(wrong).Append(" AS wrong");
        }
        return text.Append(" RETURN s.generation, CASE wrong WHEN 0 THEN 0 ELSE 1 / (wrong - wrong) END").ToString();
    }

    private sealed class Usage
    {
        /// <summary>How often it came before it had a text.</summary>
        public int Seen;
        public WholeText? Text;

        /// <summary>At this time from now its text is sent again; 0: at every.</summary>
        public int Pause;
    }

    /// <summary>What Neo4j has one plan for. Shapes are compared by reference: those of a plan are made once.</summary>
    /// <param name="Sizes">Of the statements' rows, in powers of ten: a text is planned for each of them.</param>
    private readonly record struct Combination(int Count, bool CarriesOffsets, int Sizes, CypherShape? First, CypherShape? Second, CypherShape? Third, CypherShape? Fourth)
    {
        public static Combination Of(IReadOnlyList<ForeseenStatement> statements, bool carriesOffsets)
        {
            var sizes = 0;
            foreach (var statement in statements) sizes = (sizes * 3) + (statement.Rows.Count switch { <= 1 => 0, <= 10 => 1, _ => 2 });
            return new(statements.Count, carriesOffsets, sizes, At(statements, 0), At(statements, 1), At(statements, 2), At(statements, 3));
        }

        private static CypherShape? At(IReadOnlyList<ForeseenStatement> statements, int index) => index < statements.Count ? statements[index].Shape : null;
    }
}
