namespace PolyglotSync.Kafka.Tests.Sharing;

public sealed class BarrierMarkSpecs
{
    [Fact]
    public void A_mark_is_read_back_as_it_was_written()
    {
        foreach (var mark in (BarrierMark[])[new(new BarrierPlace(3, 120), false), new(new BarrierPlace(3, 120), true)]) BarrierMark.Parse(mark.ToString()).ShouldBe(mark);
        BarrierMark.Parse(null).ShouldBe(default);
        foreach (var text in (string[])["x", "1", "1:2:3", "1:b", "1:2 past"]) Should.Throw<FormatException>(() => BarrierMark.Parse(text));
    }

    [Fact]
    public void Who_has_come_to_a_later_barrier_has_passed_those_before()
    {
        var mark = new BarrierMark(new BarrierPlace(2, 5), IsPassed: false);
        (mark.HasReached(new BarrierPlace(2, 5)), mark.HasPassed(new BarrierPlace(2, 5))).ShouldBe((true, false));
        (mark.HasReached(new BarrierPlace(1, 99)), mark.HasPassed(new BarrierPlace(1, 99))).ShouldBe((true, true));
        (mark.HasReached(new BarrierPlace(2, 6)), mark.HasPassed(new BarrierPlace(3, 1))).ShouldBe((false, false));
        (mark with { IsPassed = true }).HasPassed(new BarrierPlace(2, 5)).ShouldBeTrue();
    }
}
