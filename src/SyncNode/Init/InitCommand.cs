using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Hosting;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode.Init;

/// <summary><c>polysync init</c>: a first manifest from a database. The manifest on stdout or in a file, warnings on stderr.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var source = new Option<string>("--source") { Description = "PostgreSQL to describe: postgres://user:password@host:5432/database", HelpName = "DSN", Required = true };
        var target = new Option<string>("--target") { Description = "the graph's address to write into it; it is not reached for", HelpName = "URI", DefaultValueFactory = _ => "bolt://localhost:7687" };
        var file = new Option<string?>("--file", "-f") { Description = "where to write it (default: stdout)", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "the pipeline's name (default: the database's)", HelpName = "NAME" };
        var schemas = new Option<string[]>("--schema") { Description = "schema whose tables are taken; may be repeated (default: public)", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var consistency = ConsistencyOption.Create();
        var force = new Option<bool>("--force") { Description = "write the file even where there is one, which is left alone else" };
        var command = new Command("init", "write a commented manifest from a database; passwords become placeholders") { source, target, file, name, schemas, consistency, force };
        command.SetAction(async (parsed, stop) =>
        {
            var settings = Settings(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), parsed.GetValue(name), parsed.GetValue(schemas), parsed.GetValue(consistency));
            var path = parsed.GetValue(file);
            if (path is not null && File.Exists(path) && !parsed.GetValue(force)) throw Exists(path);
            var content = await DescribeAsync(settings, parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), path, stop);
            foreach (var warning in content.Warnings) await parsed.InvocationConfiguration.Error.WriteLineAsync($"polysync: {warning}");
            var text = InitText.Write(content);
            if (path is null)
            {
                await parsed.InvocationConfiguration.Output.WriteAsync(text);
                return (int)ExitCode.Success;
            }
            await WriteAsync(path, text, parsed.GetValue(force), stop);
            var variables = content.Source.Variables.Concat(content.Target.Variables).ToList();
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"polysync: {path} written: {content.Mapping.Tables.Count} tables"
                + $"{(variables.Count == 0 ? "" : $"; set {string.Join(" and ", variables)}")}; then: polysync run {path}");
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "The [manifest](manifest.md#a-first-one) on stdout, or with `-f` in a file, and then on stderr what to set and to run. Warnings of the mapping on stderr.",
            Codes = [new(ExitCode.SourceUnavailable), new(ExitCode.SourceUnfit)],
            Examples = [new("init --source postgres://user@host/shop", "to look at"), new("init --source postgres://user@host/shop --target bolt://graph:7687 -f shop.yaml", "in a file")],
        });
        return command;
    }

    private static PipelineSettings Settings(string source, string target, string? name, string[]? schemas, Consistency consistency)
    {
        var connection = SourceConnection.Parse(source);
        name ??= NameOf(new NpgsqlConnectionStringBuilder(connection).Database!);
        if (!PipelineName.IsValid(name)) throw Usage($"--name '{name}' cannot name a pipeline; {PipelineName.Rule}");
        try
        {
            return new PipelineSettings
            {
                Name = name, Consistency = consistency,
                Source = new SourceSettings { ConnectionString = connection, Schemas = schemas is { Length: > 0 } ? schemas : ["public"] },
                Target = TargetAddress.Parse(target, null, null, null, Environment.GetEnvironmentVariable),
            };
        }
        catch (FormatException e)
        {
            throw Usage($"--target: {e.Message}");
        }
    }

    private static async Task<InitContent> DescribeAsync(PipelineSettings settings, string source, string target, string? path, CancellationToken stop)
    {
        var rooms = new RoomFactory(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);
        await using var database = rooms.CreateSource(settings);
        var schema = await database.DescribeAsync(stop);
        var (mapping, warnings) = rooms.CreateMapping(settings, schema);
        var variable = VariableOf(settings.Name);
        var schemaFile = path is not null && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, SchemaFile)) ? SchemaFile : null;
        return new InitContent(settings.Name, SourceConnection.Describe(settings.Source.ConnectionString), AddressText.OfSource(source, $"{variable}_PASSWORD"),
            AddressText.OfUri(target, $"{variable}_TARGET_PASSWORD"), settings.Source.Schemas, settings.Consistency, mapping, schema, warnings, schemaFile);
    }

    private const string SchemaFile = "manifest.schema.json";

    /// <summary>A pipeline's name from a database's.</summary>
    public static string NameOf(string database)
    {
        var name = new string([.. database.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-')]).TrimStart('-', '_');
        if (name.Length > 40) name = name[..40];
        return PipelineName.IsValid(name) ? name : PipelineArguments.DefaultName;
    }

    /// <summary>The first word of the environment variables for a pipeline's secrets.</summary>
    public static string VariableOf(string pipeline)
    {
        var name = pipeline.ToUpperInvariant().Replace('-', '_');
        return char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
    }

    private static async Task WriteAsync(string path, string text, bool force, CancellationToken stop)
    {
        try
        {
            await using var file = new FileStream(path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await using var writer = new StreamWriter(file);
            await writer.WriteAsync(text.AsMemory(), stop);
        }
        catch (IOException) when (!force && File.Exists(path))
        {
            throw Exists(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineFailure(FailureClass.Fatal, $"{path} cannot be written: {e.Message}", e);
        }
    }

    private static PipelineFailure Exists(string path) => Usage($"{path} is there already: name another file with -f, or write it anew with --force");

    private static PipelineFailure Usage(string message) => new(FailureClass.Fatal, message) { ExitCode = ExitCode.Usage };
}
