using System.CommandLine;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;

namespace PolyglotSync.Cli.Health;

/// <summary><c>polysync health</c>: a probe for where neither shell nor curl is, as in the container image.</summary>
public static class HealthCommand
{
    public static Command Create()
    {
        var api = ApiOption.Create("address of the node's API");
        var ready = new Option<bool>("--ready") { Description = "ask whether every pipeline copies, streams or stands by, not only whether the process answers" };
        var command = new Command("health", "ask a node whether it is well: code 0, 1 where it is not ready, 7 where nobody answers") { api, ready };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new NodeClient(parsed.GetRequiredValue(api));
            var health = await client.HealthAsync(parsed.GetValue(ready), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Line(health));
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static string Line(HealthAnswer health) => health.Pipelines is not { Count: > 0 } pipelines
        ? health.Status
        : $"{health.Status}: {string.Join(", ", pipelines.Select(p => $"{p.Name}{(p.Role == PipelineRole.Capture ? " (capture)" : "")} {p.State.ToString().ToLowerInvariant()}"))}";
}
