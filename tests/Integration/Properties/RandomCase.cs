using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.Properties;

/// <summary>Statements between savepoints: a step that is undone leaves nothing.</summary>
public sealed record Step(IReadOnlyList<Statement> Statements, bool Undone);

public sealed record Transaction(IReadOnlyList<Step> Steps, bool RolledBack);

/// <summary>A schema, what is in it before the node starts, and what happens while it copies and streams.</summary>
/// <param name="Before">How many of the transactions run before the node starts.</param>
/// <param name="DuringCopy">How many of the rest run without waiting for the copy's end.</param>
public sealed record RandomCase(RandomSchema Schema, IReadOnlyList<Transaction> Transactions, int Before, int DuringCopy, GraphKind Kind, Consistency Consistency)
{
    /// <summary>One transaction as one batch: a statement that fails is undone by itself, like after a savepoint.</summary>
    public string Sql(Transaction transaction)
    {
        var sql = new StringBuilder("begin;\ndo $$ begin\n");
        foreach (var step in transaction.Steps)
        {
            if (step.Undone) sql.Append("  begin -- savepoint\n");
            foreach (var statement in step.Statements) sql.Append($"  begin {statement.Sql(Schema)}; exception when integrity_constraint_violation or object_in_use then null; end;\n");
            if (step.Undone) sql.Append("  raise exception 'undo'; exception when raise_exception then null; end; -- rollback to savepoint\n");
        }
        return sql.Append("end $$;\n").Append(transaction.RolledBack ? "rollback" : "commit").ToString();
    }

    /// <summary>The case as a script for a person: what FsCheck prints for the smallest failing one.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"\n-- target {Kind}, {Consistency}; the node starts after {Before} transactions, {DuringCopy} more run while it copies\n{Schema.Ddl()}");
        for (var i = 0; i < Transactions.Count; i++)
        {
            if (i == Before) text.Append("-- the node starts here\n");
            if (i == Before + DuringCopy) text.Append("-- the copy is done here\n");
            text.Append(Sql(Transactions[i])).Append(";\n");
        }
        return text.ToString();
    }
}
