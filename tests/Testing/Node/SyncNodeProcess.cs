using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolyglotSync.Contracts;
using PolyglotSync.Testing.Servers;

namespace PolyglotSync.Testing.Node;

/// <summary>The real program as a process: <c>PolyglotSync.SyncNode.dll run …</c>.</summary>
public sealed class SyncNodeProcess : IAsyncDisposable
{
    /// <summary>Where nodes leave their tokens and commands find them.</summary>
    private static readonly string State = NewState();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private bool _isDisposed;

    private SyncNodeProcess(Process process, Uri api)
    {
        _process = process;
        Api = new NodeApi(api);
    }

    public NodeApi Api { get; }

    /// <summary>What it has written to stderr so far.</summary>
    public string Error { get { lock (_error) return _error.ToString(); } }

    public string Output { get { lock (_output) return _output.ToString(); } }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>Starts <c>run</c> with an API on a free port.</summary>
    /// <param name="arguments">After <c>run</c>: a manifest, or --source and --target.</param>
    public static SyncNodeProcess Run(params string[] arguments) => Run(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables of the process beside those that it inherits.</param>
    public static SyncNodeProcess Run(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(["dotnet"], environment, arguments);

    /// <summary>Starts <c>capture</c> with an API on a free port.</summary>
    public static SyncNodeProcess Capture(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var api = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        return Start(api, ["dotnet"], ["capture", .. arguments, "--api", api.ToString().TrimEnd('/')], environment);
    }

    /// <param name="launcher">The program that runs the node's: <c>dotnet</c>, or what starts it.</param>
    public static SyncNodeProcess Run(IReadOnlyList<string> launcher, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var api = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        return Start(api, launcher, ["run", .. arguments, "--api", api.ToString().TrimEnd('/')], environment);
    }

    /// <summary>Runs any command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> CommandAsync(TimeSpan within, params string[] arguments)
    {
        await using var process = Start(new Uri("http://127.0.0.1:1"), ["dotnet"], arguments, new Dictionary<string, string>());
        await process.ExitAsync(within);
        return (process.ExitCode, process.Output, process.Error);
    }

    /// <summary>Starts any command.</summary>
    public static SyncNodeProcess Command(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Start(new Uri("http://127.0.0.1:1"), ["dotnet"], arguments, environment);

    /// <summary>Waits until the first copy is done and the stream is open.</summary>
    public async Task<SyncNodeProcess> UntilStreamingAsync(string pipeline, TimeSpan? within = null)
    {
        await Eventually.AsyncTrue(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{Error}");
            return await Api.StatusAsync(pipeline) is { } status && status.IsStreaming;
        }, within, $"pipeline {pipeline} streams", () => $"The node says:\n{Tail(Error)}");
        return this;
    }

    /// <summary>Waits until it answers for the pipeline, in whatever state.</summary>
    public Task UntilAnswersAsync(string pipeline, TimeSpan? within = null) => Eventually.AsyncTrue(async () =>
    {
        if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{Error}");
        return await Api.StatusAsync(pipeline) is not null;
    }, within, $"the node answers for {pipeline}", () => $"The node says:\n{Tail(Error)}");

    /// <summary>Waits until source and target are connected and the pipeline runs.</summary>
    public Task UntilRunsAsync(string pipeline, TimeSpan? within = null) => Eventually.AsyncTrue(async () =>
    {
        if (_process.HasExited) throw new InvalidOperationException($"the node ended with {_process.ExitCode}:\n{Error}");
        return await Api.StatusAsync(pipeline) is { Pipeline.State: not PipelineState.Starting };
    }, within, $"pipeline {pipeline} runs", () => $"The node says:\n{Tail(Error)}");

    /// <summary>SIGTERM.</summary>
    public void AskToStop() => ProcessSignals.AskToStop(_process.Id);

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan? within = null)
    {
        if (!_process.HasExited) AskToStop();
        await ExitAsync(within ?? TimeSpan.FromSeconds(20));
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP: it stands still, as a machine does that is out of breath.</summary>
    public void Suspend() => ProcessSignals.Suspend(_process.Id);

    /// <summary>SIGCONT.</summary>
    public void Resume() => ProcessSignals.Resume(_process.Id);

    /// <summary>The most memory it has had resident so far, in MB; 0 where it runs no more.</summary>
    public double PeakMemoryMb()
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task ExitAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the program did not end within {within.TotalSeconds:0} s; it says:\n{Tail(Error)}");
        }
    }

    /// <summary>Ends it where it runs still; a second time without harm.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
        Api.Dispose();
    }

    private static string NewState()
    {
        var folder = Directory.CreateTempSubdirectory("polysync-state-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private static SyncNodeProcess Start(Uri api, IReadOnlyList<string> launcher, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(launcher[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[.. launcher.Skip(1), NodeProgram.Path, .. arguments]) start.ArgumentList.Add(argument);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["POLYSYNC_STATE"] = State;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var node = new SyncNodeProcess(process, api);
        process.OutputDataReceived += (_, line) => Append(node._output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(node._error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return node;
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
    }

    private static string Tail(string text) => text.Length <= 3000 ? text : "…" + text[^3000..];
}
