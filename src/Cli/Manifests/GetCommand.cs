using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console;

namespace PolyglotSync.Cli.Manifests;

/// <summary><c>polysync get</c>: the manifests of a running node, passwords in them masked.</summary>
internal static class GetCommand
{
    public static Command Create()
    {
        var options = new ManifestOptions();
        var name = new Argument<string?>("name") { Description = "the pipeline (default: all)", Arity = ArgumentArity.ZeroOrOne, HelpName = "NAME" };
        var output = new Option<string?>("--output", "-o") { Description = "how to print it (default: table, of one pipeline yaml)", HelpName = "yaml|table|json" };
        output.AcceptOnlyFromAmong("yaml", "table", "json");
        var command = new Command("get", "show the manifests of a running node; secrets in them are masked") { name, output };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = options.Client(parsed);
            var named = parsed.GetValue(name);
            var manifests = named is null ? (await client.ManifestsAsync(cancellationToken)).Manifests : [await client.ManifestAsync(named, cancellationToken)];
            var writer = parsed.InvocationConfiguration.Output;
            switch (parsed.GetValue(output) ?? (named is null ? "table" : "yaml"))
            {
                case "json": await writer.WriteLineAsync(JsonSerializer.Serialize(named is null ? manifests : (object)manifests[0], ApiJson.Indented)); break;
                case "yaml": await WriteAsync(manifests, writer, parsed.InvocationConfiguration.Error); break;
                default: Screen.On(writer, Screen.IsTerminal(writer)).Write(Table(manifests)); break;
            }
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "A row a manifest on stdout: where it came from, and what a restart of the node would have; of one pipeline its YAML. Passwords are `********`, and such a text is refused by `apply`: write placeholders.",
            Codes = [CommandCode.NoNode, CommandCode.NoToken],
            Examples = [new("get", "all of the node"), new("get shop", "one as YAML"), new("get -o yaml", "all of them as YAML, a document each")],
        });
        return command;
    }

    private static async Task WriteAsync(IReadOnlyList<ManifestView> manifests, TextWriter writer, TextWriter messages)
    {
        var isFirst = true;
        foreach (var manifest in manifests)
        {
            if (manifest.Text is not { } text)
            {
                await messages.WriteLineAsync($"polysync: pipeline '{manifest.Pipeline}' was said on the command line: it has no manifest");
                continue;
            }
            if (!isFirst) await writer.WriteLineAsync("---");
            isFirst = false;
            await writer.WriteAsync(text.EndsWith('\n') ? text : text + "\n");
        }
    }

    private static Table Table(IReadOnlyList<ManifestView> manifests)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var heading in (string[])["pipeline", "manifest", "after a restart of the node"]) table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var manifest in manifests)
            table.AddRow(new Text(manifest.Pipeline), new Text(manifest.File ?? (manifest.Text is null ? "the command line" : "in memory")), new Text(manifest.IsKept ? "as it is" : "as before it was applied"));
        return table;
    }
}
