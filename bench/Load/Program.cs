using PolyglotSync.Bench;
using PolyglotSync.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
return await PolysyncCommand.RunAsync(BenchCommand.Create(), args, Console.Out, Console.Error, stop.Token);
