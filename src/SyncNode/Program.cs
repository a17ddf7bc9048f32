using System.Runtime.InteropServices;
using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode;

// The first SIGINT, SIGTERM or SIGHUP (the terminal is gone) asks for a clean stop, a second SIGINT ends at once.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    if (stop.IsCancellationRequested && context.Signal == PosixSignal.SIGINT) Environment.Exit((int)ExitCode.Interrupted);
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

return await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), args, Console.Out, Console.Error, stop.Token);
