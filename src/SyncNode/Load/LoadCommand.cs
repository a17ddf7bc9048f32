using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using PolyglotSync.Cli.Docs;
using PolyglotSync.Cli.Terminal;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Worlds;
using PolyglotSync.SyncNode.Manifests;

namespace PolyglotSync.SyncNode.Load;

/// <summary><c>polysync load</c>: writes to a PostgreSQL, at a rate or as fast as it goes, and says what it wrote and how long that took to the graph.</summary>
internal static partial class LoadCommand
{
    private const int DefaultSeconds = 60;
    private const int MostConnections = 64;

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();

    public static Command Create()
    {
        var source = Parsed<string>("--source", "DSN", "PostgreSQL to write to: postgres://user:password@host:5432/database", SourceConnection.Parse);
        source.Required = true;
        var worlds = string.Join("|", LoadWorld.All.Select(w => w.Name));
        var world = new Option<string>("--world") { Description = "which tables", HelpName = worlds, DefaultValueFactory = _ => "social" };
        world.AcceptOnlyFromAmong([.. LoadWorld.All.Select(w => w.Name)]);
        var schema = Parsed<string?>("--schema", "NAME", "the schema they are in, made where it is missing (default: load_ and the world's name)", ReadSchema);
        var mix = Parsed("--mix", "MIX", "how often each kind of change is drawn", LoadMix.Parse, LoadMix.Default);
        var sizes = Parsed("--transaction-rows", "N|N..M", "rows of a transaction, a number or a range", RowRange.Parse, RowRange.Default);
        var skew = Number<double>("--skew", "S", "0: all rows alike; above, to 5: Zipf's exponent by which some rows are hot; YCSB takes 0.99", 0, 5, 0);
        var seed = Number<int>("--seed", "N", "the same seed gives the same statements on each connection", 0, int.MaxValue, 1);
        var connections = Number<int>("--connections", "N", $"sessions that write at once, {MostConnections} at the most", 1, MostConnections, 1);
        var rows = Number<long?>("--rows", "N", "ends after so many rows; of this and --duration whichever comes first", 1, 1_000_000_000_000, null);
        var duration = Number<double?>("--duration", "SECONDS", $"ends after so many seconds (default: {DefaultSeconds} where --rows is not given)", 0.1, 31_536_000, null);
        var rate = Number<double?>("--rate", "N", "rows a second (default: as fast as it goes)", 0.001, 10_000_000, null);
        var fill = Number<int>("--fill", "N", "rows that new or emptied tables get before the load begins", 0, 100_000_000, 10_000);
        var reset = new Option<bool>("--reset") { Description = "empties the world's tables and fills them anew before the load begins" };
        var watch = Parsed<TargetSettings?>("--watch-target", "URI", "a graph to which a pipeline carries the schema; measures from commit to visible there: bolt://host:7687 or falkor://host:6379/graph",
            text => TargetAddress.Parse(text, null, null, null, Environment.GetEnvironmentVariable));
        var patience = Number<double>("--watch-timeout", "SECONDS", "a commit that the graph does not show by then is missing", 0.1, 86_400, 60);
        var output = OutputOption.Create();
        var command = new Command("load", "write to a PostgreSQL, at a rate or as fast as it goes, and say what was written and how long it took to the graph")
        {
            source, world, schema, mix, sizes, skew, seed, connections, rows, duration, rate, fill, reset, watch, patience, output,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var chosen = LoadWorld.All.First(w => w.Name == parsed.GetRequiredValue(world));
            var settings = new LoadSettings(
                parsed.GetRequiredValue(source), chosen, parsed.GetValue(schema) ?? $"load_{chosen.Name}", parsed.GetRequiredValue(mix), parsed.GetValue(sizes), parsed.GetValue(skew), parsed.GetValue(seed),
                parsed.GetValue(connections), parsed.GetValue(rows), Seconds(parsed.GetValue(duration) ?? (parsed.GetValue(rows) is null ? DefaultSeconds : null)), parsed.GetValue(rate), parsed.GetValue(fill),
                parsed.GetValue(reset), parsed.GetValue(watch), TimeSpan.FromSeconds(parsed.GetValue(patience)), parsed.IsJson(output));
            return (int)await new LoadRun(settings, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, TimeProvider.System).RunAsync(stop);
        });
        command.Document(new CommandPage
        {
            Prints = "What was written and what COMMIT took, on stdout; with `--watch-target` how long a commit took to be seen in the graph, too. What it does meanwhile, on stderr.",
            Codes =
            [
                new(ExitCode.Failed, "transactions failed, or another load writes to the schema"), new(ExitCode.SourceUnavailable, "the source cannot be reached, or did not come back"),
                new(ExitCode.SourceUnfit, "the schema is not one that it made, or of another world; a right is missing"), new(ExitCode.TargetUnavailable, "`--watch-target` cannot be reached"),
                new(ExitCode.TimedOut, "the graph did not show the probes before the load, or not all commits in time"), new(ExitCode.Interrupted, "Ctrl-C or SIGTERM: the transaction under way is finished, the report printed"),
            ],
            Examples =
            [
                new("load --source postgres://user@host/shop", "the social world, 60 seconds, as fast as it goes"), new("load --source postgres://user@host/shop --world orders --rate 500 --duration 600 --connections 4", "steadily, for ten minutes"),
                new("load --source postgres://user@host/shop --skew 0.99 --mix updates=100 --transaction-rows 500", "hot rows, large transactions"),
                new("load --source postgres://user@host/shop --rate 200 --watch-target bolt://neo4j@host:7687", "and how long until the graph shows it"),
            ],
            More = "[Putting a pipeline under load](load.md) says what it writes, how the [hot rows](load.md#hot-rows) are drawn, and shows reports.",
        });
        return command;
    }

    private static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    private static string ReadSchema(string text) => SchemaName().IsMatch(text) && !text.StartsWith("pg_", StringComparison.Ordinal) ? text
        : throw new FormatException($"'{text}' cannot name it; it takes lower-case letters, digits and '_', not a digit first, nor 'pg_'");

    /// <summary>An option that is read by a parser which throws where the text is wrong; so every mistake is said at once.</summary>
    private static Option<T> Parsed<T>(string name, string help, string description, Func<string, T> read, string? otherwise = null)
    {
        T? Read(ArgumentResult result, string text)
        {
            try
            {
                return read(text);
            }
            catch (Exception e) when (e is FormatException or PipelineFailure)
            {
                result.AddError($"{name}: {e.Message}");
                return default;
            }
        }

        var option = new Option<T>(name) { Description = description, HelpName = help, CustomParser = result => Read(result, result.Tokens[0].Value) };
        if (otherwise is not null) option.DefaultValueFactory = result => Read(result, otherwise)!;
        return option;
    }

    private static Option<T> Number<T>(string name, string help, string description, double min, double max, T otherwise)
    {
        var option = new Option<T>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !(value >= min && value <= max))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes {min} to {max}"));
        });
        return option;
    }
}
