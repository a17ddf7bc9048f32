using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Api;

/// <summary>What the commands about a pipeline share: the node, its token, the pipeline.</summary>
internal sealed class PipelineOptions
{
    public Option<Uri> Api { get; } = ApiOption.Create("address of the node's API");

    public Option<string?> TokenFile { get; } = TokenOption.Create();

    public Option<string?> Ca { get; } = CaOption.Create();

    public Option<string?> Pipeline { get; } = new("--pipeline", "-p") { Description = "which pipeline (default: the only one of the node)", HelpName = "NAME" };

    public Option<string> Output { get; } = new("--output", "-o") { Description = "table or json", DefaultValueFactory = _ => "table", HelpName = "table|json" };

    public void AddTo(Command command)
    {
        Output.AcceptOnlyFromAmong("table", "json");
        command.Options.Add(Pipeline);
        command.Options.Add(Output);
        command.Options.Add(Api);
        command.Options.Add(TokenFile);
        command.Options.Add(Ca);
    }

    public NodeClient Client(ParseResult parsed)
    {
        var api = parsed.GetRequiredValue(Api);
        return CaOption.Client(api, parsed.GetValue(Ca), TokenOption.Find(parsed.GetValue(TokenFile), api, Environment.GetEnvironmentVariable));
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(Output) == "json";

    /// <summary>The pipelines that are meant: the one that is named, else all of the node. What captures for one has its name, and no letters.</summary>
    public async Task<IReadOnlyList<string>> PipelinesAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(Pipeline) is { } named ? [named] : [.. (await client.PipelinesAsync(cancellationToken)).Where(p => p.Role == PipelineRole.Graph).Select(p => p.Name)];

    /// <summary>The same with those that are only captured here.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(Pipeline) is { } named ? [named] : [.. (await client.PipelinesAsync(cancellationToken)).Select(p => p.Name).Distinct()];

    /// <exception cref="PipelineFailure">None is named, and the node runs another number than one.</exception>
    public async Task<string> PipelineAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var names = await PipelinesAsync(client, parsed, cancellationToken);
        return names.Count == 1 ? names[0] : throw new PipelineFailure(FailureClass.Fatal,
            names.Count == 0 ? "the node runs no pipeline" : $"the node runs {string.Join(", ", names)}: say which is meant with --pipeline")
        { ExitCode = names.Count == 0 ? ExitCode.Failed : ExitCode.Usage };
    }
}
