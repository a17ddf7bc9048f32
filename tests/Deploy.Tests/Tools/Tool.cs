using System.Diagnostics;
using PolyglotSync.Deploy.Tests.Files;
using Xunit;

namespace PolyglotSync.Deploy.Tests.Tools;

/// <summary>Programs of others. scripts/deploy-tools.sh brings them where it can; what is not there skips the tests that need it, by name.</summary>
internal static class Tool
{
    public static readonly string Folder = Repository.Path(".polysync", "deploy-tools");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Skips the test where the program is on no path.</summary>
    public static string Require(string program, string wherefrom)
    {
        var path = Find(program);
        Skip.If(path is null, $"{program} is not installed ({wherefrom})");
        return path!;
    }

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Prepend(Folder)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A file of an npm package.</summary>
    public static string RequirePackage(string package, params ReadOnlySpan<string> file)
    {
        var path = Path.Combine([Folder, "node_modules", package, .. file]);
        Skip.IfNot(Path.Exists(path), $"the npm package {package} is not there (scripts/deploy-tools.sh fetches it where npm is)");
        return path;
    }

    /// <summary>Runs one of the scripts beside this file, which prints one line a mistake.</summary>
    public static string Node(string script, string input, params string[] packages)
    {
        foreach (var package in packages) RequirePackage(package);
        var (code, output, error) = Run(Require("node", "Node.js"), [Path.Combine(AppContext.BaseDirectory, "Tools", script), Folder], input);
        return code == 0 ? output : throw new InvalidOperationException($"{script} ended with {code}: {error}");
    }

    public static (int Code, string Output, string Error) Run(
        string program, IEnumerable<string> arguments, string? input = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} took longer than {Patience.TotalSeconds:0} s");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
