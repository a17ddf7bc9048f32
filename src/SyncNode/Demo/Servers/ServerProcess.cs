using System.Diagnostics;
using System.Runtime.InteropServices;
using PolyglotSync.Contracts;

namespace PolyglotSync.SyncNode.Demo.Servers;

/// <summary>
/// A server as a child process, in a session of its own, so that the terminal's Ctrl-C reaches the demo alone and the demo stops its servers in order.
/// Its output goes to a file. It is killed with this process, too.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int SigInt = 2;
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly string _name;
    private readonly string _log;
    private readonly EventHandler _atExit;

    private ServerProcess(Process process, string name, string log)
    {
        (_process, _name, _log) = (process, name, log);
        _atExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _atExit;
    }

    /// <summary>Ended without a goodbye: for a server whose data goes with it, and who takes its time for one.</summary>
    public bool StopsAtOnce { get; set; }

    /// <param name="log">File that takes what it prints.</param>
    /// <param name="command">Program and arguments.</param>
    public static ServerProcess Start(string name, string log, params IReadOnlyList<string> command)
    {
        // setsid and sh replace themselves, so the process is the server itself.
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var part in (string[])["sh", "-c", "exec \"$@\" >\"$0\" 2>&1", log]) start.ArgumentList.Add(part);
        foreach (var part in command) start.ArgumentList.Add(part);
        var process = Process.Start(start) ?? throw new PipelineFailure(FailureClass.Fatal, $"{name} did not start");
        process.StandardInput.Close();
        return new ServerProcess(process, name, log);
    }

    /// <summary>Polls until it answers.</summary>
    /// <exception cref="PipelineFailure">It ended, or did not answer in time; with the end of its log, and <see cref="FreePort.Taken"/> for its cause where its port was.</exception>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> answers, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await answers(cancellationToken))
        {
            if (_process.HasExited) throw Failure($"ended with exit code {_process.ExitCode}");
            if (Stopwatch.GetElapsedTime(started) > patience) throw Failure($"did not answer within {patience.TotalSeconds:0} s");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Asks it to stop (SIGINT: PostgreSQL's fast shutdown), kills it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _atExit;
        if (!_process.HasExited)
        {
            if (StopsAtOnce) Kill();
            else SendSignal(_process.Id, SigInt);
            using var bounded = new CancellationTokenSource(StopTime);
            try
            {
                await _process.WaitForExitAsync(bounded.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already: that is what was wanted.
        }
    }

    private PipelineFailure Failure(string what)
    {
        string[] lines = File.Exists(_log) ? File.ReadAllLines(_log) : [];
        var cause = lines.Any(l => l.Contains("Address already in use", StringComparison.Ordinal)) ? FreePort.Taken() : null;
        var last = string.Join('\n', lines.TakeLast(8));
        return new PipelineFailure(FailureClass.Fatal, $"{_name} {what}{(last.Length > 0 ? $"; it said:\n{last}" : "")}", cause);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
