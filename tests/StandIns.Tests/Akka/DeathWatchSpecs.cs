using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace StandIns.Tests.Core;

public sealed class DeathWatchSpecs : TestKit
{
    /// <summary>What the watcher was told; an actor only takes the Terminated of whom it watches itself.</summary>
    private sealed record End(IActorRef Actor, bool Existed);

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, object? message, IActorRef probe, bool handles)
        {
            if (message == null)
                Context.Watch(subject);
            else
                Context.WatchWith(subject, message);
            Receive<string>(text => text == "unwatch", _ =>
            {
                Context.Unwatch(subject);
                probe.Tell("unwatched");
            });
            Receive<string>(text => probe.Tell(text));
            if (handles)
                Receive<Terminated>(terminated => probe.Tell(new End(terminated.ActorRef, terminated.ExistenceConfirmed)));
        }
    }

    private IActorRef Watching(IActorRef subject, object? message = null, bool handles = true) =>
        Sys.ActorOf(Props.Create(() => new Watcher(subject, message, TestActor, handles)));

    private IActorRef Victim() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody));

    [Fact]
    public void The_end_of_a_watched_actor_is_told()
    {
        var victim = Victim();
        Watching(victim).Tell("watching");
        ExpectMsg("watching");
        Sys.Stop(victim);
        ExpectMsg(new End(victim, Existed: true));
    }

    [Fact]
    public async Task One_that_is_dead_already_is_told_too()
    {
        var victim = Victim();
        (await victim.GracefulStop(TimeSpan.FromSeconds(5))).ShouldBeTrue();
        Watching(victim);
        ExpectMsg(new End(victim, Existed: false));
    }

    [Fact]
    public void WatchWith_tells_that_message()
    {
        var victim = Victim();
        Watching(victim, "it is gone");
        Sys.Stop(victim);
        ExpectMsg("it is gone");
    }

    [Fact]
    public void Nothing_is_told_after_Unwatch()
    {
        var victim = Victim();
        var watcher = Watching(victim);
        watcher.Tell("unwatch");
        ExpectMsg("unwatched");
        Watch(victim);
        Sys.Stop(victim);
        ExpectTerminated(victim);
        ExpectNoMsg(50);
    }

    [Fact]
    public void An_end_that_is_not_handled_breaks_the_watcher()
    {
        var victim = Victim();
        var watcher = Watch(Watching(victim, handles: false));
        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(victim));
        ExpectTerminated(watcher);
    }

    [Fact]
    public void A_name_is_free_again_when_the_end_is_told()
    {
        var first = Watch(Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "again"));
        Sys.Stop(first);
        ExpectTerminated(first);
        AwaitAssert(() => Sys.ActorOf(FunActor.Props(ActorRefs.Nobody), "again").ShouldNotBe(first), interval: TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public void The_first_of_two_watches_counts()
    {
        var victim = Victim();
        var actor = Sys.ActorOf(FunActor.Props(TestActor));
        actor.Tell(FunActor.Do(context =>
        {
            context.WatchWith(victim, "first");
            context.WatchWith(victim, "second");
            context.Watch(victim);
            context.Stop(victim);
        }));
        FishForMessage(message => message is "first");
        ExpectNoMsg(50);
    }
}
