using Akka.Actor;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace PolyglotSync.SyncNode.Pbm;

/// <summary>Gives <see cref="PolysyncPalette"/> to Petabridge.Cmd: translates, and nothing else.</summary>
internal sealed class PolysyncPaletteHandler(PolysyncPalette palette) : CommandPaletteHandler(Palette)
{
    internal static readonly CommandPalette Palette = new(PolysyncPalette.Name, [.. PolysyncPalette.Commands.Select(Define)]);

    public override Props HandlerProps { get; } = Props.Create(() => new PolysyncCommandActor(palette));

    private static CommandDefinition Define(PaletteCommand command)
    {
        var builder = new CommandDefinitionBuilder().WithName(command.Name).WithDescription(command.Description);
        foreach (var argument in command.Arguments)
        {
            builder = builder.WithArgument(a =>
            {
                a = a.WithName(argument.Name).WithDescription(argument.Description).IsMandatory(argument.IsRequired);
                foreach (var said in argument.Switches) a = a.WithSwitch(said);
                return a;
            });
        }
        return builder.Build();
    }
}

/// <summary>Runs the palette's commands, one after the other for each client.</summary>
internal sealed class PolysyncCommandActor : CommandHandlerActor
{
    public PolysyncCommandActor(PolysyncPalette palette) : base(PolysyncPaletteHandler.Palette)
    {
        foreach (var command in PolysyncPalette.Commands) Process(command.Name, said => Run(palette, command, said));
    }

    private void Run(PolysyncPalette palette, PaletteCommand command, Command said)
    {
        var client = Sender;
        var arguments = command.Arguments.Select(a => (a.Name, Value: said.Arguments.FirstOrDefault(s => a.Switches.Contains(s.Item1))?.Item2)).Where(a => a.Value is not null).ToDictionary(a => a.Name, a => a.Value!);
        palette.RunAsync(command.Name, arguments, CancellationToken.None).ContinueWith(task => Answer(client, task), TaskScheduler.Default);
    }

    private static void Answer(IActorRef client, Task<PaletteAnswer> task)
    {
        if (!task.IsCompletedSuccessfully || task.Result.IsError)
        {
            client.Tell(new ErroredCommandResponse(task.IsCompletedSuccessfully ? string.Join('\n', task.Result.Lines) : task.Exception?.GetBaseException().Message ?? "it was given up"), ActorRefs.NoSender);
            return;
        }
        foreach (var line in task.Result.Lines) client.Tell(new CommandResponse(line, false), ActorRefs.NoSender);
        client.Tell(CommandResponse.Empty, ActorRefs.NoSender);
    }
}
