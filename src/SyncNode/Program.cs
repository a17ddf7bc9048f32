using System.Runtime.InteropServices;
using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Demo;
using PolyglotSync.SyncNode.Run;

// The first SIGINT or SIGTERM asks for a clean stop, a second SIGINT ends at once.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    if (stop.IsCancellationRequested && context.Signal == PosixSignal.SIGINT) Environment.Exit((int)ExitCode.Interrupted);
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var root = PolysyncCommand.Create(DemoCommand.Create(), RunCommand.Create());
return await PolysyncCommand.RunAsync(root, args, Console.Out, Console.Error, stop.Token);
