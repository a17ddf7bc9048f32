using PolyglotSync.Graph.State;

namespace PolyglotSync.Graph.Tests.State;

public sealed class StateTextSpecs
{
    [Fact]
    public void What_was_written_is_read()
    {
        var copy = CopyState.Empty.With(new TableName("public", "users"), new TableCopy(CopyPhase.Copying, ["7"], 7, 100));
        var state = StateText.Read(["0/2A:3", "0/20", null, StateText.Copy(copy), 4L, null, null, null]);
        (state.Position, state.Watermark, state.Generation).ShouldBe((new Position(new Lsn(0x2A), 3), new Lsn(0x20), 4));
        state.Copy[new TableName("public", "users")]!.Cursor.ShouldBe(["7"]);
    }

    [Theory]
    [InlineData("0/2A:3", """{"public.users":{"phase":"Sleeping"}}""")]
    [InlineData("0/2A:3", "not json")]
    [InlineData("epoch 7", "{}")]
    public void What_another_version_wrote_stops_the_pipeline_with_what_to_do(string position, string copy)
    {
        var failure = Should.Throw<PipelineFailure>(() => StateText.Read([position, "0/20", null, copy, 4L, null, null, null]));
        failure.Class.ShouldBe(FailureClass.Fatal);
        failure.Message.ShouldStartWith("the pipeline's state in the graph, its node (:__PolySync), cannot be read: ");
        failure.Message.ShouldEndWith("Run the version of PolyglotSync that wrote it, or a newer one; else copy anew");
    }
}
