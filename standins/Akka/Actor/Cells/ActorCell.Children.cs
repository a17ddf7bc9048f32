using Akka.Actor.Internal;

namespace Akka.Actor.Cells;

/// <summary>The children. The guardians take children from any thread, therefore the lock.</summary>
internal sealed partial class ActorCell
{
    private readonly Lock _childrenLock = new();
    private Dictionary<string, ChildRestartStats> _children;
    private HashSet<IActorRef> _dying;
    private bool _closedToChildren;
    private long _nextName;

    public IActorRef ActorOf(Props props, string name = null) => Attach(props, name, checkName: true);

    /// <summary>Makes a child; the runtime may give its own actors names that start with '$'.</summary>
    internal LocalActorRef Attach(Props props, string name, bool checkName)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (checkName && name != null)
            CheckName(name);
        var dispatcher = SystemImpl.DispatcherOf(props);
        LocalActorRef child;
        lock (_childrenLock)
        {
            if (_closedToChildren)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            name ??= "$" + Base64(_nextName++);
            _children ??= [];
            if (_children.ContainsKey(name))
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            child = new LocalActorRef(SystemImpl, props, dispatcher, Ref, new ChildActorPath(Ref.Path, name, Random.Shared.NextInt64(1, int.MaxValue)));
            _children[name] = new ChildRestartStats(child);
        }
        child.Start();
        return child;
    }

    public IActorRef Child(string name) => FindChild(name);

    internal IInternalActorRef FindChild(string name)
    {
        var hash = name.IndexOf('#');
        var plain = hash < 0 ? name : name[..hash];
        lock (_childrenLock)
        {
            if (_children == null || !_children.TryGetValue(plain, out var stats))
                return ActorRefs.Nobody;
            return hash < 0 || name[(hash + 1)..] == stats.Uid.ToString() ? stats.Child : ActorRefs.Nobody;
        }
    }

    public IEnumerable<IActorRef> GetChildren() => ChildRefs();

    internal IReadOnlyList<IInternalActorRef> ChildRefs()
    {
        lock (_childrenLock)
            return _children == null ? [] : _children.Values.Select(stats => stats.Child).ToArray();
    }

    public void Stop(IActorRef child)
    {
        var known = TryGetChild(child, out _);
        if (known)
            (_dying ??= []).Add(child);
        ((IInternalActorRef)child).Stop();
    }

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Akka.Actor.ActorSelection.From(actorPath, SystemImpl, Ref);

    private bool TryGetChild(IActorRef child, out ChildRestartStats stats)
    {
        lock (_childrenLock)
        {
            stats = null;
            return _children != null && _children.TryGetValue(child.Path.Name, out stats) && stats.Child.Equals(child);
        }
    }

    private IReadOnlyCollection<ChildRestartStats> ChildStats()
    {
        lock (_childrenLock)
            return _children == null ? [] : _children.Values.ToArray();
    }

    private void StopChildren()
    {
        foreach (var child in ChildRefs())
            Stop(child);
    }

    private void SuspendChildren(IActorRef except)
    {
        foreach (var child in ChildRefs().Where(child => !child.Equals(except)))
            child.Suspend();
    }

    private void ResumeChildren(Exception causedByFailure, IActorRef perpetrator)
    {
        foreach (var child in ChildRefs())
            child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
    }

    private void CloseToNewChildren()
    {
        lock (_childrenLock)
            _closedToChildren = true;
    }

    private void ChildTerminated(IActorRef child)
    {
        lock (_childrenLock)
            _children.Remove(child.Path.Name);
        _dying?.Remove(child);
        GoOnWithoutChildren();
    }

    private static void CheckName(string name)
    {
        if (name.Length == 0)
            throw new InvalidActorNameException("Actor name must not be empty.");
        if (!ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException(
                $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and can only contain these special characters: {ActorPath.ValidSymbols}.");
    }

    internal static string Base64(long number)
    {
        const string digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        var text = "";
        do
        {
            text += digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return text;
    }
}
