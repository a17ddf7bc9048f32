using System.CommandLine;
using System.Text.Json;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Api;

/// <summary>What the commands about a pipeline share: the node, the pipeline, and how the answer is printed.</summary>
/// <param name="otherwise">Which pipeline is meant where none is named, for the help.</param>
internal sealed class PipelineOptions(string otherwise = "the only one of the node")
{
    private readonly NodeAccess _node = new(needsToken: true);

    private readonly Option<string?> _pipeline = new("--pipeline", "-p") { Description = $"which pipeline (default: {otherwise})", HelpName = "NAME" };

    private readonly Option<string> _output = OutputOption.Create();

    public void AddTo(Command command)
    {
        command.Options.Add(_pipeline);
        command.Options.Add(_output);
        _node.AddTo(command);
    }

    public NodeClient Client(ParseResult parsed) => _node.Client(parsed);

    public bool IsJson(ParseResult parsed) => parsed.IsJson(_output);

    /// <summary>Prints an answer as JSON, or as a table.</summary>
    public async Task PrintAsync<T>(ParseResult parsed, T answer, Func<T, IRenderable> table)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (IsJson(parsed)) await output.WriteLineAsync(JsonSerializer.Serialize(answer, ApiJson.Indented));
        else Screen.On(output, Screen.IsTerminal(output)).Write(table(answer));
    }

    /// <summary>The same as JSON, or as a line.</summary>
    public async Task PrintAsync<T>(ParseResult parsed, T answer, Func<T, string> line) =>
        await parsed.InvocationConfiguration.Output.WriteLineAsync(IsJson(parsed) ? JsonSerializer.Serialize(answer, ApiJson.Indented) : line(answer));

    /// <summary>The pipelines that are meant: the one that is named, else all of the node. What captures for one has its name, and no letters.</summary>
    public async Task<IReadOnlyList<string>> PipelinesAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(_pipeline) is { } named ? [named] : [.. (await client.PipelinesAsync(cancellationToken)).Where(p => p.Role == PipelineRole.Graph).Select(p => p.Name)];

    /// <summary>The same with those that are only captured here.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(_pipeline) is { } named ? [named] : [.. (await client.PipelinesAsync(cancellationToken)).Select(p => p.Name).Distinct()];

    /// <param name="orCapture">Whether one that is only captured here may be meant.</param>
    /// <exception cref="PipelineFailure">None is named, and the node runs another number than one.</exception>
    public async Task<string> PipelineAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken, bool orCapture = false)
    {
        var names = orCapture ? await AllAsync(client, parsed, cancellationToken) : await PipelinesAsync(client, parsed, cancellationToken);
        return names.Count == 1 ? names[0] : throw new PipelineFailure(FailureClass.Fatal,
            names.Count == 0 ? "the node runs no pipeline" : $"the node runs {string.Join(", ", names)}: say which is meant with --pipeline")
        { ExitCode = names.Count == 0 ? ExitCode.Failed : ExitCode.Usage };
    }
}
