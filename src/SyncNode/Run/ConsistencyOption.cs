using System.CommandLine;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Run;

/// <summary><c>--consistency</c>, in the words of the manifest.</summary>
internal static class ConsistencyOption
{
    public static Option<Consistency> Create()
    {
        var option = new Option<Consistency>("--consistency") { Description = "whole source transactions, or several writers at once (default: transactional)", HelpName = "transactional|parallel" };
        option.CompletionSources.Clear();
        return option.AcceptOnlyFromAmong("transactional", "parallel");
    }
}
