using System.CommandLine;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Manifests;

namespace PolyglotSync.SyncNode.Run;

/// <summary>What <c>run</c> and <c>plan</c> share: manifests, or a pipeline on the command line.</summary>
internal sealed class PipelineArguments
{
    public const string DefaultName = "default";

    public Argument<string[]> Manifests { get; } = new("manifest")
    {
        Description = "YAML files, one a pipeline, or a folder of them", Arity = ArgumentArity.ZeroOrMore, HelpName = "MANIFEST",
    };

    public Option<string?> Source { get; } = new("--source")
    {
        Description = "PostgreSQL to take changes from: postgres://user:password@host:5432/database", HelpName = "DSN",
    };

    public Option<string?> Target { get; } = new("--target")
    {
        Description = "graph to write to: bolt://host:7687 or falkor://host:6379/graph", HelpName = "URI",
    };

    public Option<string> Name { get; } = new("--name")
    {
        Description = "the pipeline's name, 1 to 40 letters, digits, - and _; slot and publication become polysync_NAME", HelpName = "NAME",
        DefaultValueFactory = _ => DefaultName,
    };

    public Option<Consistency> Consistency { get; } = ConsistencyOption.Create();

    public Option<string[]> Schemas { get; } = new("--schema")
    {
        Description = "schema whose tables are taken; may be repeated (default: public)", HelpName = "NAME", AllowMultipleArgumentsPerToken = true,
    };

    /// <param name="folder">An option that names a folder of manifests, too; null: the command has none.</param>
    public void AddTo(Command command, bool targetNeeded, Option<string?>? folder = null)
    {
        command.Arguments.Add(Manifests);
        command.Options.Add(Source);
        command.Options.Add(Target);
        command.Options.Add(Name);
        command.Options.Add(Consistency);
        command.Options.Add(Schemas);
        command.Validators.Add(result =>
        {
            var hasManifest = result.GetResult(Manifests) is { Tokens.Count: > 0 };
            var hasSource = result.GetResult(Source) is { Implicit: false };
            var hasTarget = result.GetResult(Target) is { Implicit: false };
            var hasFolder = folder is not null && result.GetResult(folder) is { Implicit: false };
            if (hasManifest && (hasSource || hasTarget)) result.AddError("say either a manifest or --source and --target, not both");
            else if (hasSource || hasTarget ? !(hasSource && (hasTarget || !targetNeeded)) : !hasManifest && !hasFolder)
            {
                result.AddError(targetNeeded ? "say a manifest, or --source DSN and --target URI" : "say a manifest, or --source DSN");
            }
        });
    }

    /// <param name="more">Further options with addresses.</param>
    public void WarnOfPasswords(ParseResult parsed, params IReadOnlyList<(string Option, string? Address)> more) =>
        SeenPasswords.Warn(parsed.InvocationConfiguration.Error, [("--source", parsed.GetValue(Source)), ("--target", parsed.GetValue(Target)), .. more]);

    /// <exception cref="PipelineFailure">What is wrong with a manifest or an address.</exception>
    public IReadOnlyList<PipelineSettings> Read(ParseResult parsed) =>
        parsed.GetValue(Manifests) is { Length: > 0 } named ? [.. GivenManifests.Read(named, Reader).Required().Select(m => m.Settings)] : [FromOptions(parsed)];

    /// <summary>What a node is to run.</summary>
    /// <param name="folder">A folder of manifests beside those that are named; null: none. It is made where it is missing.</param>
    /// <exception cref="PipelineFailure">What is wrong with a manifest or an address; a manifest in a folder is left out instead, and said.</exception>
    public GivenPipelines ReadForNode(ParseResult parsed, string? folder)
    {
        var named = parsed.GetValue(Manifests) ?? [];
        var settings = parsed.GetResult(Source) is { Implicit: false } ? FromOptions(parsed) : null;
        return GivenPipelines.Of(GivenManifests.Read(named, Reader, folder), settings);
    }

    private static ManifestReader Reader => new(Environment.GetEnvironmentVariable, SourceConnection.Parse);

    private PipelineSettings FromOptions(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(Name);
        if (!PipelineName.IsValid(name)) throw Usage($"--name '{name}' cannot name a pipeline; {PipelineName.Rule}");
        try
        {
            return new PipelineSettings
            {
                Name = name,
                Source = new SourceSettings
                {
                    ConnectionString = SourceConnection.Parse(parsed.GetRequiredValue(Source)!),
                    Schemas = parsed.GetValue(Schemas) is { Length: > 0 } schemas ? schemas : ["public"],
                },
                Target = TargetAddress.Parse(parsed.GetValue(Target) ?? "bolt://localhost:7687", null, null, null, Environment.GetEnvironmentVariable),
                Consistency = parsed.GetValue(Consistency),
            };
        }
        catch (FormatException e)
        {
            throw Usage($"--target: {e.Message}");
        }
    }

    private static PipelineFailure Usage(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.Usage };
}
