using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.DeadLetters;

/// <summary><c>ID… | --all | --table T</c>: which open letters a command changes.</summary>
internal sealed class DlqSelection
{
    private readonly Argument<long[]> _ids = new("id") { Description = "letters, as 'dlq list' numbers them", Arity = ArgumentArity.ZeroOrMore, HelpName = "ID" };

    private readonly Option<bool> _all = new("--all") { Description = "all open letters of the pipeline" };

    private readonly Option<string?> _table = new("--table") { Description = "all open letters of a table", HelpName = "TABLE" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_ids);
        command.Options.Add(_all);
        command.Options.Add(_table);
        command.Validators.Add(result =>
        {
            var ways = (result.GetResult(_ids) is { Tokens.Count: > 0 } ? 1 : 0) + (result.GetResult(_all) is { Implicit: false } ? 1 : 0)
                + (result.GetResult(_table) is { Implicit: false } ? 1 : 0);
            if (ways != 1) result.AddError("say which letters: either their ids, or --table TABLE, or --all");
        });
    }

    public DeadLetterSelection Read(ParseResult parsed) => parsed.GetValue(_ids) is { Length: > 0 } ids ? new DeadLetterSelection(Ids: ids)
        : parsed.GetValue(_table) is { } table ? new DeadLetterSelection(Table: table) : new DeadLetterSelection(All: true);

    /// <summary>For people: "dead letter 7", "all open dead letters of public.users".</summary>
    public static string Describe(DeadLetterSelection selection) => selection switch
    {
        { Ids: [var one] } => $"dead letter {one}",
        { Ids: { Count: > 0 } ids } => $"dead letters {string.Join(", ", ids)}",
        { Table: { } table } => $"all open dead letters of table {table}",
        _ => "all open dead letters",
    };
}
