using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Clustering;

/// <summary>The options <c>--cluster-…</c>. Texts all of them: what is wrong with any is said together with the rest.</summary>
internal sealed class ClusterArguments
{
    private readonly Dictionary<string, Option<string?>> _texts = ClusterKeys.All.Where(k => k != ClusterKeys.Insecure)
        .ToDictionary(k => k.Name, k => new Option<string?>(k.Option) { Description = $"role cluster: {k.Description}, else {k.Variable}", HelpName = k.Help });

    private readonly Option<bool> _insecure = new(ClusterKeys.Insecure.Option) { Description = $"role cluster: {ClusterKeys.Insecure.Description} (default: {ClusterKeys.Insecure.Variable}=true)" };

    public void AddTo(Command command)
    {
        foreach (var option in _texts.Values) command.Options.Add(option);
        command.Options.Add(_insecure);
    }

    /// <exception cref="PipelineFailure">Every mistake.</exception>
    public ClusterSettings Read(ParseResult parsed, Func<string, string?> environment) =>
        new ClusterReader(name => name == ClusterKeys.Insecure.Name ? parsed.GetValue(_insecure) ? "true" : null : parsed.GetValue(_texts[name]), environment).Read();

    /// <exception cref="PipelineFailure">An option that another role has no use for.</exception>
    public void RefuseFor(ParseResult parsed, string role)
    {
        var said = _texts.Values.Where(o => parsed.GetValue(o) is not null).Select(o => o.Name).Concat(parsed.GetValue(_insecure) ? [_insecure.Name] : []).ToList();
        if (said.Count > 0)
            throw new PipelineFailure(FailureClass.Fatal, $"{string.Join(", ", said)}: a node of role {role} joins no cluster; say --role cluster") { ExitCode = ExitCode.Usage };
    }
}
