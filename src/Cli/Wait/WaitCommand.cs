using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Wait;

/// <summary><c>polysync wait</c>: returns once the graph holds everything up to a moment ("read your writes").</summary>
public static class WaitCommand
{
    /// <summary>Seconds that <c>wait</c> waits where nothing else is said.</summary>
    public const double DefaultTimeoutSeconds = 60;

    public static Command Create()
    {
        var node = new NodeAccess(needsToken: false);
        var now = new Option<bool>("--now") { Description = "everything committed before this call" };
        var lsn = new Option<Lsn?>("--lsn")
        {
            Description = "everything up to this LSN (as pg_current_wal_lsn() prints it)",
            HelpName = "LSN",
            CustomParser = result =>
            {
                if (Lsn.TryParse(result.Tokens[0].Value, out var read)) return read;
                result.AddError($"'{result.Tokens[0].Value}' is not an LSN; it looks like 0/16B3748");
                return null;
            },
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = "seconds to wait at the most, 0 to 86400", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultTimeoutSeconds,
        };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (>= 0 and <= 86_400)) result.AddError("--timeout takes 0 to 86400 seconds");
        });
        var pipeline = new Option<string?>("--pipeline", "-p") { Description = "which pipeline (default: all of the node)", HelpName = "NAME" };
        var command = new Command("wait", "return once the graph holds everything committed before now, or up to an LSN") { now, lsn, timeout, pipeline };
        node.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(now) is { Implicit: false } == result.GetResult(lsn) is { Implicit: false }) result.AddError("say either --now or --lsn LSN");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = node.Client(parsed);
            var patience = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            return (int)await RunAsync(client, parsed.GetValue(pipeline), parsed.GetValue(lsn), patience,
                parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancellationToken);
        });
        command.Document(new CommandPage
        {
            Prints = "The watermark that was reached, on stdout; of several pipelines a line each, with the name. Of one that was not there in time, how far it is, on stderr; of one that cannot say what was committed before now (it is paused, failed, stands by for another node, or reads Debezium's topics) that, at once.",
            Codes = [new(ExitCode.TimedOut, "the graph was not there in time, or was not waited for"), CommandCode.NoNode],
            Examples = [new("wait --now", "until what was committed before now is in the graph"), new("wait --lsn 0/16B3748 --timeout 5 --pipeline shop", "until a commit is, with `pg_current_wal_lsn()` asked after it")],
        });
        return command;
    }

    private static async Task<ExitCode> RunAsync(
        NodeClient client, string? pipeline, Lsn? lsn, TimeSpan timeout, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        string[] names = pipeline is not null ? [pipeline] : [.. (await client.PipelinesAsync(cancellationToken)).Select(p => p.Name).Distinct()];
        if (names.Length == 0)
        {
            throw new PipelineFailure(FailureClass.Fatal, "the node runs no pipeline: there is nothing to wait for");
        }
        var answers = await Task.WhenAll(names.Select(name => client.WaitAsync(name, lsn, timeout, TimeProvider.System, cancellationToken)));
        foreach (var answer in answers) await output.WriteLineAsync(names.Length == 1 ? answer.Watermark : $"{answer.Pipeline} {answer.Watermark}");
        var late = answers.Where(a => !a.Reached).ToList();
        foreach (var answer in late)
        {
            await error.WriteLineAsync(answer.Reason is { } reason ? $"polysync: pipeline '{answer.Pipeline}' is at {answer.Watermark} and was not waited for: {reason}"
                : $"polysync: pipeline '{answer.Pipeline}' is at {answer.Watermark} after {timeout.TotalSeconds:0.###} s; 'polysync status' says why");
        }
        return late.Count == 0 ? ExitCode.Success : ExitCode.TimedOut;
    }
}
