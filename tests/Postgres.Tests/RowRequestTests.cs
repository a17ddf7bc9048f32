using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres.Tests;

public sealed class RowRequestTests
{
    private static readonly TableName Table = new("public", "t");
    private static readonly CopyState Copied = CopyState.Empty.With(Table, new TableCopy(CopyPhase.Done, null, 1, 1));
    private static readonly CopyState Copying = CopyState.Empty.With(Table, new TableCopy(CopyPhase.Copying, null, 1, 1));

    [Fact]
    public void A_request_waits_for_its_table_and_stays_until_its_rows_have_come()
    {
        var requests = new RowRequests();
        var request = new RowRequest(Table, [["1"]]);
        requests.Add(request).ShouldBeFalse();
        requests.Begin(hasChunks: true, Copying).ShouldBeTrue();
        requests.Next(Copying, new HashSet<RowRequest>()).ShouldBeNull();
        requests.Next(Copied, new HashSet<RowRequest>()).ShouldBe(request);
        requests.Next(Copied, new HashSet<RowRequest> { request }).ShouldBeNull();
        requests.Begin(hasChunks: false, Copied).ShouldBeTrue();
        requests.Done(request);
        requests.Begin(hasChunks: false, Copied).ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_would_end_goes_on_where_something_came_in_meanwhile()
    {
        var requests = new RowRequests();
        requests.Begin(hasChunks: true, Copied);
        requests.Add(new RowRequest(Table, [["1"]])).ShouldBeTrue();
        requests.TryEnd(Copied, new HashSet<RowRequest>()).ShouldBeFalse();
        requests.Drop(Table);
        requests.TryEnd(Copied, new HashSet<RowRequest>()).ShouldBeTrue();
        requests.Add(new RowRequest(Table, [["2"]])).ShouldBeFalse();
    }

    [Fact]
    public void A_message_gives_back_the_keys_in_key_order_and_takes_no_more_than_its_share()
    {
        var text = new PgType("text", PgKind.Text);
        var relation = new Relation(Table, [new RelationColumn("a", text), new RelationColumn("b", text)], ["b", "a"]);
        var messages = RefreshMarker.Write("slot", [.. Enumerable.Range(0, 1_001).Select(n => new DeadKey(Table, $$"""{"b":"ü{{n}}","a":"\""}"""))]).ToList();
        messages.Count.ShouldBe(3);
        var marker = RefreshMarker.Parse(messages[0])!;
        (marker.Slot, marker.Table, marker.Keys.Count).ShouldBe(("slot", Table, RefreshMarker.MaxRows));
        marker.Ordered(relation)[1].ShouldBe(["ü1", "\""]);
        marker.Ordered(new Relation(Table, [new RelationColumn("c", text)], ["c"])).ShouldBeEmpty();
        RefreshMarker.Parse("mark").ShouldBeNull();
    }

    [Fact]
    public void A_transaction_that_committed_before_and_is_not_visible_is_noticed_as_far_as_they_are_remembered()
    {
        var recent = new RecentTransactions(capacity: 300);
        for (var xid = 1u; xid <= 400; xid++) recent.Add(xid);
        recent.AnyUnseen(ChunkSnapshot.Parse("350:401:350"), upTo: 400).ShouldBeTrue();
        recent.AnyUnseen(ChunkSnapshot.Parse("350:401:350"), upTo: 349).ShouldBeFalse();
        recent.AnyUnseen(ChunkSnapshot.Parse("401:401:"), upTo: 400).ShouldBeFalse();
        recent.AnyUnseen(ChunkSnapshot.Parse("50:401:50"), upTo: 400).ShouldBeFalse();
    }
}
