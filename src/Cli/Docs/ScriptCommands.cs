namespace PolyglotSync.Cli.Docs;

/// <summary>A command of the script <c>./polysync</c>, which the program itself does not have.</summary>
/// <param name="Usage">The words after its name.</param>
/// <param name="Brief">For the program's help.</param>
/// <param name="Page">For the reference, in Markdown.</param>
/// <param name="Words">What may follow at once, for completion.</param>
public sealed record ScriptCommand(string Name, string Usage, string Brief, string Page, IReadOnlyList<string> Words);

/// <summary>What <c>./polysync</c> does without the program: it sets the machine up, builds, tests, measures.</summary>
public static class ScriptCommands
{
    public static readonly IReadOnlyList<ScriptCommand> All =
    [
        new("setup", "[--again]", "installs what is missing and says what it chose", """
            Installs what is missing: PostgreSQL, Valkey, libgomp, the embedded graph's module, the NuGet packages; says in one line what it chose. Without root it says what to install. Twice is once.

            | option | says |
            |---|---|
            | `--again` | ask the package feed anew |
            """, ["--again"]),
        new("test", "[unit|integration|all|faults|NAME] [options]", "runs the tests: unit, integration, all or a name", """
            The tests; without a word all but the long ones, which `all` runs too. `unit` are those without servers, `integration` the others, a NAME is a test project or part of a test's name. A skipped one is named with its reason; the last
            line is `N passed, N failed, N skipped`, and code 1 says that one failed.

            | option | says |
            |---|---|
            | `--coverage` | the line before the last is the line coverage of `src`, by room, over what ran (nodes that tests start as processes of their own are not measured) |
            | `faults [--runs N] [--seed S] [--seconds N] [--transport direct\|kafka] [--target neo4j\|falkor]` | random writes under random faults ([guarantees](guarantees.md#faults)); without options the fault tests of one fault each too |
            """, ["unit", "integration", "all", "faults"]),
        new("bench", "[options] | micro [WORD]", "measures the graph's limit and how near the product comes to it; bench --help", """
            The product beside the graph's limit ([benchmarks](benchmarks.md)), as a table or JSON on stdout; code 1 where a scenario failed. `bench micro` measures time and allocations of each stage of the hot path by the row; with a WORD only
            the stages that have it in their names.

            | option | default | says |
            |---|---|---|
            | `--target TARGET` | `neo4j` | `neo4j` or `falkordb`: a server of its own; or the address of an EMPTY graph, which is emptied between scenarios |
            | `--only NAME...` | all | scenarios to run; the limit always runs where a ratio needs it |
            | `--scale FACTOR` | 1 | of rows and seconds: 0.1 is a tenth |
            | `--consistency transactional\|parallel` | `transactional` | |
            | `--limits YAML` | | the node's limits as in a manifest, to try others: `'batch_rows: 5000, max_transaction_rows: 50000'` |
            | `--transport direct\|kafka` | `direct` | `kafka`: every change goes through topics of 4 partitions; with it come two scenarios of its halves |
            | `--kafka HOST:PORT` | one of its own | a broker to make topics in, which stay |
            | `--source DSN` | a server of its own | PostgreSQL to make databases in, as an Npgsql connection string of a superuser |
            | `-o`, `--output table\|json` | `table` | how to print it |
            """, ["micro"]),
        new("format", "[options of dotnet format]", "formats the sources", "Formats the sources; `--verify-no-changes` only looks, and ends with another code than 0 where a file would change.", []),
    ];
}
