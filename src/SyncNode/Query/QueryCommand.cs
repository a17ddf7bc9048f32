using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Run;
using Spectre.Console;

namespace PolyglotSync.SyncNode.Query;

/// <summary><c>polysync query</c>: asks a target by hand where no client of its own is installed. Reads only.</summary>
internal static class QueryCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var cypher = new Argument<string>("cypher") { Description = "one statement that only reads", HelpName = "CYPHER" };
        var target = new Option<string>("--target") { Description = "graph to ask: bolt://host:7687 or falkor://host:6379/graph", HelpName = "URI", Required = true };
        var output = OutputOption.Create();
        var command = new Command("query", "ask a graph with Cypher; reads only") { cypher, target, output };
        command.SetAction(async (parsed, stop) =>
        {
            SeenPasswords.Warn(parsed.InvocationConfiguration.Error, ("--target", parsed.GetValue(target)));
            await using var reader = await GraphReaders.OpenAsync(Address(parsed.GetRequiredValue(target)), stop);
            Print(await reader.QueryAsync(parsed.GetRequiredValue(cypher), stop), parsed.InvocationConfiguration.Output, parsed.IsJson(output));
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "A row of the answer a row on stdout, every value as text, nodes and relationships as patterns; then how many there were.",
            Codes = [new(ExitCode.Failed, "the graph refuses the statement"), new(ExitCode.TargetUnavailable, "it cannot be reached, or refuses the login")],
            Examples = [new("query --target falkor://127.0.0.1:6379/social \"MATCH (u:User) RETURN count(u)\"", "an embedded graph"), new("query --target bolt://neo4j@localhost:7687 -o json \"MATCH (u:User) RETURN u LIMIT 3\"", "for another program")],
            More = "For where no `cypher-shell` or `valkey-cli` is installed.",
        });
        return command;
    }

    /// <exception cref="PipelineFailure">The address is none; exit code <see cref="ExitCode.Usage"/>.</exception>
    public static TargetSettings Address(string text)
    {
        try
        {
            return TargetAddress.Parse(text, null, null, null, Environment.GetEnvironmentVariable);
        }
        catch (FormatException e)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"--target: {e.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }

    private static void Print(GraphAnswer answer, TextWriter writer, bool json)
    {
        if (json)
        {
            // no Zip here: Akka.Persistence.Sql brings LanguageExt, whose own Zip stands outside of any namespace and wins
            var columns = Enumerable.Range(0, answer.Columns.Count);
            writer.WriteLine(JsonSerializer.Serialize(answer.Rows.Select(row => columns.ToDictionary(i => answer.Columns[i], i => row[i])), Json));
            return;
        }
        if (answer.Columns.Count == 0)
        {
            writer.WriteLine("no rows");
            return;
        }
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in answer.Columns) table.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in answer.Rows) table.AddRow(row.Select(cell => new Text(cell ?? "null")));
        Screen.On(writer, Screen.IsTerminal(writer)).Write(table);
        writer.WriteLine(answer.Rows.Count == 1 ? "1 row" : $"{Amounts.Count(answer.Rows.Count)} rows");
    }
}
