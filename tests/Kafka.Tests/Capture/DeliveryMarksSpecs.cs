using PolyglotSync.Kafka.Capture;

namespace PolyglotSync.Kafka.Tests.Capture;

public sealed class DeliveryMarksSpecs : IDisposable
{
    private readonly DeliveryMarks _marks = new([10, 20]);

    public void Dispose() => _marks.Dispose();

    [Fact]
    public void A_cut_is_there_once_each_partition_before_it_is_acknowledged()
    {
        var mark = Add(pending: 2, cut: 1, messages: 5, bytes: 100);
        _marks.Delivered(mark, 1, 2, 21);
        _marks.TryTake(out _).ShouldBeFalse();
        (_marks.Messages, _marks.Bytes).ShouldBe((5, 100));
        _marks.Delivered(mark, 0, 3, 12);
        _marks.TryTake(out var cut).ShouldBeTrue();
        cut!.Change.ShouldBe(1);
        cut.Offsets.ShouldBe([13, 22]);
        (_marks.Messages, _marks.Bytes).ShouldBe((0, 0));
        _marks.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public void A_cut_never_overtakes_one_before_and_its_offsets_are_its_own()
    {
        var first = Add(pending: 1, cut: 1);
        var second = Add(pending: 1, cut: null);
        _marks.Delivered(second, 1, 1, 20);
        _marks.TryTake(out _).ShouldBeFalse();
        _marks.Delivered(first, 0, 1, 10);
        _marks.TryTake(out var cut).ShouldBeTrue();
        // what is delivered behind the cut is not of it
        cut!.Offsets.ShouldBe([11, 20]);
    }

    [Fact]
    public void Of_several_cuts_that_nobody_took_the_newest_is_given()
    {
        _marks.Delivered(Add(pending: 1, cut: 1), 0, 1, 10);
        Add(pending: 0, cut: 2);
        _marks.TryTake(out var cut).ShouldBeTrue();
        cut!.Change.ShouldBe(2);
        cut.Offsets.ShouldBe([11, 20]);
    }

    [Fact]
    public void A_partition_that_grew_by_less_than_was_sent_has_lost_something()
    {
        _marks.Delivered(Add(pending: 1, cut: 1), 0, 3, 11);
        Should.Throw<PipelineFailure>(() => _marks.TryTake(out _)).Message.ShouldContain("1 messages that the broker took are not in the topic");
    }

    [Fact]
    public void An_acknowledgement_without_an_offset_is_no_answer()
    {
        _marks.Delivered(Add(pending: 1, cut: 1), 0, 1, -1001);
        Should.Throw<PipelineFailure>(() => _marks.TryTake(out _)).Class.ShouldBe(FailureClass.Transient);
    }

    [Fact]
    public void What_others_write_is_counted_and_does_no_harm()
    {
        _marks.Delivered(Add(pending: 1, cut: 1), 0, 1, 14);
        _marks.Foreign.ShouldBe(4);
        _marks.Delivered(Add(pending: 1, cut: 2), 0, 1, 15);
        _marks.TryTake(out var cut).ShouldBeTrue();
        cut!.Offsets.ShouldBe([16, 20]);
    }

    [Fact]
    public async Task Whoever_waits_for_room_goes_on_as_acknowledgements_come()
    {
        var mark = Add(pending: 1, cut: null, messages: 100);
        var room = _marks.RoomAsync(50, 1000, default).AsTask();
        room.IsCompleted.ShouldBeFalse();
        _marks.Delivered(mark, 0, 100, 109);
        await room.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_failure_is_told_to_whoever_waits()
    {
        Add(pending: 1, cut: 1, messages: 100);
        var room = _marks.RoomAsync(50, 1000, default).AsTask();
        _marks.Fail(new PipelineFailure(FailureClass.Transient, "no"));
        (await Should.ThrowAsync<PipelineFailure>(room.WaitAsync(TimeSpan.FromSeconds(10)))).Message.ShouldBe("no");
        await _marks.ReachedAsync(TimeSpan.FromSeconds(10), default);
        Should.Throw<PipelineFailure>(() => _marks.TryTake(out _));
    }

    private DeliveryMark Add(int pending, long? cut, int messages = 1, long bytes = 1)
    {
        var mark = new DeliveryMark
        {
            Messages = messages,
            Bytes = bytes,
            Pending = pending,
            Cut = cut is { } change ? new DeliveredCut(new Cut(Position.EndOf(new Lsn((ulong)change)), new Lsn((ulong)change)), change, CopyState.Empty, 0, new long[2]) : null,
        };
        _marks.Add(mark);
        return mark;
    }
}
