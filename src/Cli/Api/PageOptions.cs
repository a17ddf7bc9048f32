using System.CommandLine;
using System.Globalization;
using Spectre.Console.Rendering;

namespace PolyglotSync.Cli.Api;

/// <summary>What the commands share that list what a node keeps of its pipelines, a page at a time, the newest first: which, how many, from where on.</summary>
internal sealed class PageOptions
{
    private readonly PipelineOptions _pipelines = new("all of the node");

    private readonly Option<string> _state;

    private readonly Option<int> _limit;

    private readonly Option<long?> _before;

    /// <param name="what">What is listed, in the plural.</param>
    /// <param name="otherwise">The state that is meant where none is said.</param>
    /// <param name="states">All that may be said.</param>
    public PageOptions(string what, string otherwise, params string[] states)
    {
        _state = new Option<string>("--state") { Description = $"only {what} that are so", DefaultValueFactory = _ => otherwise, HelpName = string.Join('|', states) };
        _state.AcceptOnlyFromAmong(states);
        _limit = new Option<int>("--limit") { Description = $"{what} at the most, 1 to 500", DefaultValueFactory = _ => 50, HelpName = "N" };
        _limit.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is not (>= 1 and <= 500)) result.AddError("--limit takes 1 to 500");
        });
        _before = new Option<long?>("--before") { Description = $"the next page: only {what} with a lower id", HelpName = "ID" };
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_state);
        command.Options.Add(_limit);
        command.Options.Add(_before);
        _pipelines.AddTo(command);
    }

    /// <summary>Asks each pipeline that is meant for its page, prints them as one, and says where the next begins.</summary>
    /// <param name="filter">What else is asked for, as a name and a value of the query; without a value it is left out.</param>
    /// <param name="isOfGraphs">Whether what is only captured here has nothing to list.</param>
    /// <param name="ask">A pipeline's page of a query.</param>
    /// <param name="order">Of all of them; null: one pipeline's after another's.</param>
    public async Task PrintAsync<T>(ParseResult parsed, (string Name, string? Value) filter, bool isOfGraphs, Func<NodeClient, string, string, Task<(IReadOnlyList<T> Items, long? Next)>> ask,
        Func<IReadOnlyList<T>, IRenderable> table, CancellationToken cancellationToken, Comparison<T>? order = null)
    {
        using var client = _pipelines.Client(parsed);
        var query = string.Create(CultureInfo.InvariantCulture, $"state={parsed.GetValue(_state)}&limit={parsed.GetValue(_limit)}")
            + (filter.Value is { } value ? $"&{filter.Name}={Uri.EscapeDataString(value)}" : "")
            + (parsed.GetValue(_before) is { } id ? string.Create(CultureInfo.InvariantCulture, $"&before={id}") : "");
        var items = new List<T>();
        long? next = null;
        foreach (var pipeline in isOfGraphs ? await _pipelines.PipelinesAsync(client, parsed, cancellationToken) : await _pipelines.AllAsync(client, parsed, cancellationToken))
        {
            var page = await ask(client, pipeline, query);
            items.AddRange(page.Items);
            // the highest: what another pipeline shows twice is better than what none shows
            next = page.Next > (next ?? 0) ? page.Next : next;
        }
        if (order is not null) items.Sort(order);
        await _pipelines.PrintAsync<IReadOnlyList<T>>(parsed, items, table);
        if (next is not null) await parsed.InvocationConfiguration.Error.WriteLineAsync($"polysync: there are more: add --before {next}");
    }
}
