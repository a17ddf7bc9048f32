using System.Runtime.InteropServices;

namespace PolyglotSync.Testing;

/// <summary>Signals to processes that the tests have started.</summary>
public static partial class ProcessSignals
{
    /// <summary>SIGTERM.</summary>
    public static void AskToStop(int process) => Send(process, 15);

    /// <summary>SIGSTOP: it stands still, as a machine does that is out of breath.</summary>
    public static void Suspend(int process) => Send(process, 19);

    /// <summary>SIGCONT.</summary>
    public static void Resume(int process) => Send(process, 18);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0) throw new InvalidOperationException($"signal {signal} could not be sent to process {process}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
