using PolyglotSync.Actors.Entities;
using PolyglotSync.Actors.Source;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace PolyglotSync.Actors.Tests.Writers;

/// <summary>Messages of a broker that cannot be read.</summary>
public sealed class RefusedMessageSpecs(ITestOutputHelper output) : WriterSpecs(output)
{
    private static readonly TableName Users = new("public", "users");

    [Fact]
    public void A_message_that_cannot_be_read_is_kept_before_its_span_is_written()
    {
        var target = new FakeTarget { Before = _ => Letters.Open.Count == 1 ? Task.CompletedTask : throw new InvalidOperationException("written before the letter was kept") };
        Start(target);

        Send(Refused("{\"id\":7}"));

        SourceProbe.ExpectMsg<Committed>(Soon);
        var letter = Letters.Open.ShouldHaveSingleItem();
        (letter.Table, letter.Operation, letter.Key, letter.Row).ShouldBe((Users, "message", "{\"id\":\"7\"}", "{nonsense"));
        letter.Reason.ShouldBe("app.public.users [2], offset 31, 9 bytes: not JSON");
        target.Applied.ShouldHaveSingleItem().State!.Position.ShouldBe(Position.EndOf(new Lsn(5)));
    }

    [Fact]
    public void A_key_that_comes_with_its_schema_is_the_row_s()
    {
        Start(new FakeTarget());
        Send(Refused("""{"schema":{"type":"struct"},"payload":{"id":7,"kind":"a"}}"""));
        SourceProbe.ExpectMsg<Committed>(Soon);
        Letters.Open.ShouldHaveSingleItem().Key.ShouldBe("""{"id":"7","kind":"a"}""");
    }

    [Fact]
    public void A_message_without_a_readable_key_is_kept_by_its_place()
    {
        Start(new FakeTarget());
        Send(Refused("rubbish"));
        SourceProbe.ExpectMsg<Committed>(Soon);
        Letters.Open.ShouldHaveSingleItem().Key.ShouldBe("{\"message\":\"app.public.users [2], offset 31\"}");
    }

    [Fact]
    public void Where_poison_halts_nothing_is_written()
    {
        var target = new FakeTarget();
        Start(target, onPoison: PoisonPolicy.Halt);
        Send(Refused("{\"id\":7}"));
        Pipeline.ExpectMsg<PartFailed>(Soon).Failure.Message.ShouldContain("offset 31");
        target.Applied.ShouldBeEmpty();
        Letters.Open.ShouldBeEmpty();
    }

    private void Send(RefusedMessage refused)
    {
        SourceProbe.Send(Writers, new DrainStarted(1, 1, new Cut(Position.EndOf(new Lsn(5)), new Lsn(6)), CopyState.Empty, [], [], 0, 0, SourceProbe.Ref) { Refused = [refused] });
        SourceProbe.Send(Writers, new Drained(0, 1, new OperationBuffer()));
    }

    private static RefusedMessage Refused(string key) => new(Users, key, "{nonsense", 9, "app.public.users", 2, 31, new Position(new Lsn(4), 0), "not JSON");
}
