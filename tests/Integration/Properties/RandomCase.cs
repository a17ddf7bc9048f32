using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>Statements between savepoints: a step that is undone leaves nothing.</summary>
public sealed record Step(IReadOnlyList<Statement> Statements, bool Undone);

public sealed record Transaction(IReadOnlyList<Step> Steps, bool RolledBack);

public enum Trouble { Terminate, Kill, CutSource, CutTarget }

/// <param name="Before">The transaction before which it happens.</param>
/// <param name="Down">How many transactions run before a node that was ended is started again.</param>
public sealed record Interruption(int Before, Trouble Trouble, int Down)
{
    public bool EndsNode => Trouble is Trouble.Terminate or Trouble.Kill;

    public override string ToString() => Trouble switch
    {
        Trouble.Terminate => $"the node gets SIGTERM here and starts again after {Down} transactions",
        Trouble.Kill => $"the node gets SIGKILL here and starts again after {Down} transactions",
        Trouble.CutSource => "the node's connections to PostgreSQL are cut here",
        Trouble.CutTarget => "the node's connections to the graph are cut here",
        _ => throw new InvalidOperationException($"not a trouble: {Trouble}"),
    };
}

/// <summary>A schema, what is in it before the node starts, what happens while it copies and streams, and what befalls the node.</summary>
/// <param name="Seed">It was made from this: <c>POLYSYNC_SEED</c> makes it again.</param>
/// <param name="Before">How many of the transactions run before the node starts.</param>
/// <param name="DuringCopy">How many of the rest run without waiting for the copy's end.</param>
public sealed record RandomCase(
    int Seed, GraphKind Kind, Consistency Consistency, NodeLimits Limits, RandomSchema Schema, IReadOnlyList<Transaction> Transactions, int Before, int DuringCopy,
    IReadOnlyList<Interruption> Interruptions)
{
    /// <summary>One transaction as one batch: a statement that fails is undone by itself, like after a savepoint.</summary>
    public string Sql(Transaction transaction)
    {
        var sql = new StringBuilder("begin;\ndo $$ begin\n");
        foreach (var step in transaction.Steps)
        {
            if (step.Undone) sql.Append("  begin -- savepoint\n");
            foreach (var statement in step.Statements)
                sql.Append($"  begin {statement.Sql(Schema)};\n  exception when integrity_constraint_violation or object_in_use then null; end;\n");
            if (step.Undone) sql.Append("  raise exception 'undo'; exception when raise_exception then null; end; -- rollback to savepoint\n");
        }
        return sql.Append("end $$;\n").Append(transaction.RolledBack ? "rollback" : "commit").ToString();
    }

    /// <summary>The case as a script for a person.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"-- target {Kind}, {Consistency}; {Limits}\n{Schema.Ddl()}");
        for (var i = 0; i < Transactions.Count; i++)
        {
            if (i == Before) text.Append("-- the node starts here\n");
            if (i == Before + DuringCopy) text.Append("-- here the copy is waited for\n");
            foreach (var interruption in Interruptions.Where(x => x.Before == i)) text.Append($"-- {interruption}\n");
            text.Append(Sql(Transactions[i])).Append(";\n");
        }
        if (Before >= Transactions.Count) text.Append("-- the node starts here\n");
        foreach (var interruption in Interruptions.Where(x => x.Before >= Transactions.Count)) text.Append($"-- {interruption}\n");
        return text.ToString();
    }
}
