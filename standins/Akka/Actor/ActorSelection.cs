using System.IO.Enumeration;

namespace Akka.Actor;

/// <summary>The actors of a path, which may hold '..' and the wildcards '*' and '?'. Looked up anew for each message.</summary>
public class ActorSelection : ICanTell
{
    private readonly string[] _elements;

    /// <summary>From an actor on, by a path.</summary>
    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path == "" ? [] : path.Split('/'))
    {
    }

    /// <summary>From an actor on, by the steps of a path.</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        _elements = elements.Where(element => element is not ("" or ".")).ToArray();
    }

    /// <summary>Where the path begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The path.</summary>
    public string PathString => "/" + string.Join('/', _elements);

    /// <summary>Sends the message to all actors that the path leads to.</summary>
    public void Tell(object message, IActorRef sender = null) =>
        Deliver((IInternalActorRef)Anchor, sender ?? Cells.ActorCell.Current?.Self, new ActorSelectionMessage(message, _elements));

    /// <summary>The one actor that the path leads to.</summary>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The one actor that the path leads to.</summary>
    /// <exception cref="ActorNotFoundException">None answered in time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(Guid.NewGuid()), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException("subject was null");
        }
        catch (AskTimeoutException cause)
        {
            throw new ActorNotFoundException($"Failed to resolve {PathString}", cause);
        }
    }

    /// <inheritdoc />
    public override bool Equals(object obj) => obj is ActorSelection other && Equals(Anchor, other.Anchor) && PathString == other.PathString;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Anchor, PathString);

    /// <inheritdoc />
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";

    internal static ActorSelection From(string path, ActorSystemImpl system, IActorRef lookupRoot)
    {
        if (Uri.TryCreate(path, UriKind.Absolute, out _) && ActorPath.TryParse(path, out var absolute))
        {
            return absolute.Address.HasGlobalScope || absolute.Address != system.Provider.DefaultAddress
                ? throw new NotSupportedException($"The stand-in for Akka is one node: {path} cannot be selected.")
                : new ActorSelection(system.LookupRoot, absolute.Elements);
        }
        return path.StartsWith('/') ? new ActorSelection(system.LookupRoot, path) : new ActorSelection(lookupRoot, path);
    }

    /// <summary>Walks down from an actor as far as the steps lead.</summary>
    internal static void Deliver(IInternalActorRef from, IActorRef sender, ActorSelectionMessage selection)
    {
        var current = from;
        for (var i = 0; i < selection.Steps.Length; i++)
        {
            var step = selection.Steps[i];
            if (step == "..")
            {
                current = current.Parent;
                continue;
            }
            if (step.AsSpan().IndexOfAny('*', '?') < 0)
            {
                var next = (IInternalActorRef)current.GetChild([step]);
                if (next is Nobody)
                {
                    Missing(from, selection, sender);
                    return;
                }
                current = next;
                continue;
            }
            var rest = new ActorSelectionMessage(selection.Message, selection.Steps[(i + 1)..], wildCardFanOut: true);
            var children = (current as LocalActorRef)?.Cell.ChildRefs() ?? [];
            foreach (var child in children.Where(child => FileSystemName.MatchesSimpleExpression(step, child.Path.Name, ignoreCase: false)))
                Deliver(child, sender, rest);
            return;
        }
        current.Tell(selection.Message, sender);
    }

    private static void Missing(IInternalActorRef from, ActorSelectionMessage selection, IActorRef sender)
    {
        var path = from.Path / selection.Steps.Where(step => step != "..");
        new EmptyActorRef(((LocalProvider)from.Provider).System, path).Tell(selection, sender);
    }
}

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    internal ActorSelectionMessage(object message, string[] steps, bool wildCardFanOut = false)
    {
        Message = message;
        Steps = steps;
        WildCardFanOut = wildCardFanOut;
    }

    /// <inheritdoc />
    public object Message { get; }

    /// <summary>Whether it was sent to several at once.</summary>
    public bool WildCardFanOut { get; }

    internal string[] Steps { get; }
}
