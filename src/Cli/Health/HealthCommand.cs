using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Health;

/// <summary><c>polysync health</c>: a probe for where neither shell nor curl is, as in the container image.</summary>
public static class HealthCommand
{
    public static Command Create()
    {
        var node = new NodeAccess(needsToken: false);
        var ready = new Option<bool>("--ready") { Description = "ask whether every pipeline copies, streams or stands by, not only whether the process answers" };
        var command = new Command("health", "ask a node whether it is well: code 0, 1 where it is not ready, 7 where nobody answers") { ready };
        node.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = node.Client(parsed);
            var health = await client.HealthAsync(parsed.GetValue(ready), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(health));
            return (int)ExitCode.Success;
        });
        command.Document(new CommandPage
        {
            Prints = "`live`, or with `--ready` what each pipeline does: `ready: shop streaming, shop (capture) streaming`. Why one is not ready on stderr.",
            Codes = [new(ExitCode.Failed, "not ready"), new(ExitCode.NodeUnavailable, "nobody answers")],
            Examples = [new("health", "whether the process answers"), new("health --ready", "whether every pipeline moves, too")],
            More = "For where there is no curl: [containers](containers.md).",
        });
        return command;
    }

    private static string Line(HealthAnswer health) => health.Pipelines is not { Count: > 0 } pipelines
        ? health.Status
        : $"{health.Status}: {string.Join(", ", pipelines.Select(p => $"{p.Name}{(p.Role == PipelineRole.Capture ? " (capture)" : "")} {p.State.ToString().ToLowerInvariant()}"))}";
}
