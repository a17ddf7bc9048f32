using System.Diagnostics;

namespace PolyglotSync.Testing;

/// <summary>Where PostgreSQL's server programs are and how they are run: as user <c>postgres</c> when we are root, which initdb refuses.</summary>
internal sealed class PostgresBinaries(string directory)
{
    private static readonly Lazy<PostgresBinaries?> Found = new(Search);

    public bool RunsAsOther { get; } = Environment.UserName == "root";

    public static PostgresBinaries? Find() => Found.Value;

    public Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        ExecuteAsync(Path.Combine(directory, program), arguments, input: null, asOwner: true, cancellationToken);

    /// <summary>Gives the directory to the user that runs the server.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (RunsAsOther) await ExecuteAsync("chown", ["postgres", path], input: null, asOwner: false, cancellationToken);
    }

    public Task AppendAsync(string file, string text, CancellationToken cancellationToken) =>
        ExecuteAsync("tee", ["-a", file], text, asOwner: true, cancellationToken);

    public async Task<string> ReadLineAsync(string file, CancellationToken cancellationToken) =>
        await ExecuteAsync("head", ["-n", "1", file], input: null, asOwner: true, cancellationToken);

    public Task RemoveAsync(string path) => ExecuteAsync("rm", ["-rf", path], input: null, asOwner: false, CancellationToken.None);

    private async Task<string> ExecuteAsync(
        string program, IReadOnlyList<string> arguments, string? input, bool asOwner, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo
        {
            FileName = asOwner && RunsAsOther ? "runuser" : program,
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            // pg_ctl leaves the server behind with its descriptors: a pipe on stderr would never end.
            RedirectStandardOutput = true,
            RedirectStandardError = !program.EndsWith("pg_ctl", StringComparison.Ordinal),
        };
        if (asOwner && RunsAsOther)
        {
            foreach (var word in (string[])["-u", "postgres", "--", program]) start.ArgumentList.Add(word);
        }
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var error = start.RedirectStandardError ? process.StandardError.ReadToEndAsync(cancellationToken) : Task.FromResult("");
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}{output}");
    }

    private static PostgresBinaries? Search()
    {
        var named = Environment.GetEnvironmentVariable("POLYSYNC_TEST_POSTGRES");
        if (!string.IsNullOrEmpty(named)) return Holds(named) ? new PostgresBinaries(named) : null;
        var packaged = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return packaged.Select(d => Path.Combine(d, "bin")).OrderDescending(StringComparer.Ordinal)
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Where(Holds).Select(d => new PostgresBinaries(d)).FirstOrDefault();
    }

    private static bool Holds(string directory) =>
        File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "pg_ctl"));
}
