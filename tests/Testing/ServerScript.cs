using System.Diagnostics;

namespace PolyglotSync.Testing;

/// <summary>A script that starts a server on Java: the one that a variable names, or that lies in <c>shared/servers</c> beside the repository.</summary>
internal sealed class ServerScript(string variable, string name)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(90);

    /// <summary>Why it cannot be run; null where it can.</summary>
    public string? Missing => Path is null ? $"{variable} names no start script, and shared/servers/{name} is not beside the repository"
        : HasJava ? null : $"{name} needs Java 17 (apt-get install openjdk-17-jre-headless)";

    /// <summary>Null where there is none.</summary>
    public string? Path => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? (File.Exists(named) ? named : null) : RepositoryFile.Find("shared", "servers", name);

    private static bool HasJava => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Any(folder => File.Exists(System.IO.Path.Combine(folder, "java")));

    /// <summary>Runs it to its end, which leaves the server running.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // the server inherits the script's streams: they lead nowhere, so that nobody waits for their end
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        foreach (var word in (string[])["-c", "exec \"$0\" \"$@\" > /dev/null 2>&1", Path!, .. arguments]) start.ArgumentList.Add(word);
        foreach (var (variableOf, value) in environment) start.Environment[variableOf] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Within);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
