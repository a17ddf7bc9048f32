using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class SupervisionSpecs : TestKit
{
    private IActorRef ParentOf(Func<Exception, Directive> choice, int retries = -1, int withinMilliseconds = -1) =>
        Sys.ActorOf(Parent.Props(new OneForOneStrategy(retries, withinMilliseconds, choice)));

    private IActorRef Child(IActorRef parent, string name, Props? props = null)
    {
        parent.Tell((name, props ?? FunActor.Props(TestActor)));
        IActorRef? child = null;
        if (props == null)
            ExpectMsgAllOfKinds(message => child = message as IActorRef ?? child, $"start {name}");
        else
            child = ExpectMsg<IActorRef>();
        return child!;
    }

    /// <summary>The reference comes from the parent and the start from the child: either may be first.</summary>
    private void ExpectMsgAllOfKinds(Action<object> see, string text)
    {
        var both = ReceiveN(2);
        foreach (var message in both)
            see(message);
        both.ShouldContain(text);
    }

    [Fact]
    public void Resume_keeps_the_instance()
    {
        var child = Child(ParentOf(_ => Directive.Resume), "child");
        child.Tell(new InvalidOperationException("once"));
        child.Tell("still there");
        ExpectMsg("still there");
    }

    [Fact]
    public void Restart_runs_the_hooks_and_loses_the_message()
    {
        var child = Child(ParentOf(_ => Directive.Restart), "child");
        child.Tell(new InvalidOperationException("oops"));
        child.Tell("next");
        ExpectMsg("pre-restart child: oops");
        ExpectMsg("stop child");
        ExpectMsg("post-restart child: oops");
        ExpectMsg("start child");
        ExpectMsg("next");
    }

    [Fact]
    public void Stop_ends_the_child()
    {
        var child = Watch(Child(ParentOf(_ => Directive.Stop), "child"));
        child.Tell(new InvalidOperationException("oops"));
        ExpectMsg("stop child");
        ExpectTerminated(child);
    }

    [Fact]
    public void Escalate_makes_the_parent_fail()
    {
        var grandparent = ParentOf(_ => Directive.Stop);
        var parent = Watch(Child(grandparent, "parent", Parent.Props(new OneForOneStrategy(_ => Directive.Escalate))));
        var child = Child(parent, "child");
        child.Tell(new InvalidOperationException("oops"));
        ExpectMsg("stop child");
        ExpectTerminated(parent);
    }

    [Fact]
    public void Too_many_restarts_stop_the_child()
    {
        var child = Watch(Child(ParentOf(_ => Directive.Restart, retries: 2), "child"));
        for (var i = 0; i < 3; i++)
            child.Tell(new InvalidOperationException($"{i}"));
        var texts = new List<string>();
        while (ExpectMsg<object>() is string text)
            texts.Add(text);
        texts.Count(text => text.StartsWith("post-restart", StringComparison.Ordinal)).ShouldBe(2);
        LastMessage.ShouldBeOfType<Terminated>().ActorRef.ShouldBe(child);
    }

    [Fact]
    public void Restarts_are_counted_within_the_time_only()
    {
        var child = Child(ParentOf(_ => Directive.Restart, retries: 1, withinMilliseconds: 50), "child");
        for (var i = 0; i < 3; i++)
        {
            child.Tell(new InvalidOperationException($"{i}"));
            FishForMessage(message => message is "start child");
            ExpectNoMsg(100);
        }
        child.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public void All_for_one_restarts_the_siblings()
    {
        var parent = Sys.ActorOf(Parent.Props(new AllForOneStrategy(_ => Directive.Restart)));
        var one = Child(parent, "one");
        Child(parent, "two");
        one.Tell(new InvalidOperationException("oops"));
        var texts = ReceiveN(8).Cast<string>().ToArray();
        texts.ShouldContain("post-restart one: oops");
        texts.ShouldContain("post-restart two: oops");
    }

    [Fact]
    public void A_restart_stops_the_children()
    {
        var parent = Child(ParentOf(_ => Directive.Restart), "parent");
        parent.Tell(FunActor.Do(context => context.ActorOf(FunActor.Props(TestActor), "child")));
        ExpectMsg("start child");
        parent.Tell(new InvalidOperationException("oops"));
        ExpectMsg("pre-restart parent: oops");
        var texts = ReceiveN(2).Cast<string>().ToArray();
        texts.ShouldBe(["stop parent", "stop child"], ignoreOrder: true);
        ExpectMsg("post-restart parent: oops");
        ExpectMsg("start parent");
        parent.Tell(FunActor.Do(context => context.ActorOf(FunActor.Props(TestActor), "child")));
        ExpectMsg("start child");
    }

    [Fact]
    public void A_stopped_parent_ends_after_its_children()
    {
        var parent = Sys.ActorOf(FunActor.Props(TestActor), "parent");
        ExpectMsg("start parent");
        parent.Tell(FunActor.Do(context => context.ActorOf(FunActor.Props(TestActor), "child")));
        ExpectMsg("start child");
        Sys.Stop(parent);
        ExpectMsg("stop child");
        ExpectMsg("stop parent");
    }

    [Fact]
    public void Kill_is_a_failure_that_stops_by_default()
    {
        var actor = Watch(Sys.ActorOf(FunActor.Props(TestActor), "killed"));
        ExpectMsg("start killed");
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => actor.Tell(Kill.Instance));
        ExpectMsg("stop killed");
        ExpectTerminated(actor);
    }

    private sealed class Broken : UntypedActor
    {
        public Broken() => throw new InvalidOperationException("cannot be made");

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void An_actor_that_cannot_be_made_is_stopped()
    {
        EventFilter.Exception<ActorInitializationException>().ExpectOne(() =>
        {
            var actor = Watch(Sys.ActorOf(Props.Create<Broken>()));
            ExpectTerminated(actor);
        });
    }

    [Fact]
    public void Names_are_unique_and_well_formed()
    {
        Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "taken");
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "taken"));
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), ""));
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "$own"));
        Should.Throw<InvalidActorNameException>(() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "a/b"));
    }

    [Fact]
    public Task An_actor_is_not_made_with_new() => Should.ThrowAsync<ActorInitializationException>(() => Task.Run(() => new FunActor(TestActor)));
}
