using PolyglotSync.Actors.Entities;
using PolyglotSync.Contracts;
using Shouldly;
using Xunit;

namespace PolyglotSync.Actors.Tests;

public class RowCoalescerSpecs
{
    [Fact]
    public void An_insert_and_its_updates_are_one_insert_with_the_last_values()
    {
        var operation = NetEffects(new Rows().Insert(1, "a").Update(1, "b").Update(1, "c")).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Insert);
        Rows.Text(operation.New, 1).ShouldBe("c");
        operation.Changes.ShouldBe(3);
    }

    [Fact]
    public void An_insert_that_is_deleted_again_leaves_nothing() => NetEffects(new Rows().Insert(1, "a").Delete(1)).ShouldBeEmpty();

    [Fact]
    public void That_no_row_is_found_under_a_key_that_one_has_left_is_no_delete()
    {
        var operation = NetEffects(new Rows().Move(1, 2, "a").Gone(1)).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Update);
        Rows.Text(operation.Old, 0).ShouldBe("1");
        Rows.Text(operation.New, 0).ShouldBe("2");
        NetEffects(new Rows().Move(1, 2, "a").Gone(3)).Select(o => o.Kind).ShouldBe([RowOperationKind.Update, RowOperationKind.Delete]);
    }

    [Fact]
    public void A_row_deleted_and_inserted_again_keeps_its_node_and_takes_the_new_values()
    {
        var operation = NetEffects(new Rows().Delete(1).Insert(1, "new")).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Update);
        Rows.Text(operation.New, 1).ShouldBe("new");
        Rows.Text(operation.Old, 0).ShouldBe("1");
    }

    [Fact]
    public void A_row_that_is_read_again_is_made_to_match_although_it_was_updated_in_the_same_span()
    {
        var coalescer = new RowCoalescer();
        var batch = new Rows().Update(1, "live", Rows.Unsent).Copy(1, "read", "large").Batch();
        coalescer.Add(batch, batch.Entries[0], existenceUnknown: false);
        coalescer.Add(batch, batch.Entries[1], existenceUnknown: true);
        var operations = new OperationBuffer();
        coalescer.Drain(0, operations);

        operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
        Rows.Text(operations[0].New, 2).ShouldBe("large");
    }

    [Fact]
    public void Updates_then_a_delete_are_one_delete()
    {
        var operation = NetEffects(new Rows().Update(1, "a").Delete(1)).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Delete);
        Rows.Text(operation.Old, 0).ShouldBe("1");
    }

    [Fact]
    public void A_row_of_unknown_existence_is_deleted_under_each_key_that_it_had_on_the_way()
    {
        var moved = NetEffects(new Rows().Move(1, 2, "a").Move(2, 3, "b"), existenceUnknown: true);

        moved.Count.ShouldBe(2);
        (Rows.Text(moved[0].Old, 0), Rows.Text(moved[0].New, 0)).ShouldBe(("1", "3"));
        (moved[1].Kind, Rows.Text(moved[1].Old, 0)).ShouldBe((RowOperationKind.Delete, "2"));

        var deleted = NetEffects(new Rows().Move(1, 2, "a").Delete(2), existenceUnknown: true);
        deleted.Select(o => (o.Kind, Rows.Text(o.Old, 0))).ShouldBe([(RowOperationKind.Delete, "1"), (RowOperationKind.Delete, "2")]);
    }

    [Fact]
    public void Rows_of_unknown_existence_are_kept_apart_while_the_table_of_rows_grows()
    {
        var rows = new Rows();
        for (var id = 1; id <= 200; id++) rows.Move(id, id + 1_000, "a").Delete(id + 1_000);

        NetEffects(rows, existenceUnknown: true).Select(o => Rows.Text(o.Old, 0)).Order().ShouldBe(
            Enumerable.Range(1, 200).Concat(Enumerable.Range(1_001, 200)).Select(id => $"{id}").Order());
    }

    [Fact]
    public void An_unsent_column_keeps_the_value_of_the_change_before()
    {
        var operation = NetEffects(new Rows().Update(1, "a", "large").Update(1, "b", Rows.Unsent)).ShouldHaveSingleItem();

        Rows.Text(operation.New, 1).ShouldBe("b");
        Rows.Text(operation.New, 2).ShouldBe("large");
    }

    [Fact]
    public void An_unsent_column_that_nobody_sent_stays_unsent() =>
        Rows.Text(NetEffects(new Rows().Update(1, "a", Rows.Unsent).Update(1, "b", Rows.Unsent))[0].New, 2).ShouldBe(Rows.Unsent);

    [Fact]
    public void A_chain_of_key_changes_is_one_change_from_the_first_key_to_the_last()
    {
        var operation = NetEffects(new Rows().Move(1, 2, "a").Update(2, "b").Move(2, 3, "c")).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Update);
        Rows.Text(operation.Old, 0).ShouldBe("1");
        Rows.Text(operation.New, 0).ShouldBe("3");
    }

    [Fact]
    public void A_moved_row_that_is_deleted_is_deleted_under_the_key_the_graph_knows() =>
        Rows.Text(NetEffects(new Rows().Move(1, 2, "a").Delete(2)).ShouldHaveSingleItem().Old, 0).ShouldBe("1");

    [Fact]
    public void A_key_that_another_row_takes_over_belongs_to_two_rows()
    {
        var operations = NetEffects(new Rows().Move(1, 2, "first").Insert(1, "second"));

        operations.Count.ShouldBe(2);
        operations.ShouldContain(o => o.Kind == RowOperationKind.Update && Rows.Text(o.New, 0) == "2");
        operations.ShouldContain(o => o.Kind == RowOperationKind.Insert && Rows.Text(o.New, 0) == "1");
    }

    [Fact]
    public void Keys_that_change_places_are_two_key_changes()
    {
        var operations = NetEffects(new Rows().Move(1, 9, "a").Move(2, 1, "b").Move(9, 2, "a"));

        operations.Select(o => (Rows.Text(o.Old, 0), Rows.Text(o.New, 0))).ShouldBe([("1", "2"), ("2", "1")], ignoreOrder: true);
    }

    [Fact]
    public void A_truncate_forgets_what_came_before_and_keeps_what_comes_after()
    {
        var operation = NetEffects(new Rows().Update(1, "a").Insert(2, "b").Truncate().Insert(1, "c")).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Insert);
        Rows.Text(operation.New, 1).ShouldBe("c");
    }

    [Fact]
    public void A_truncate_leaves_other_tables_alone() =>
        NetEffects(new Rows().Insert(1, "a", table: Rows.Named("u")).Insert(1, "b").Truncate()).ShouldHaveSingleItem().Relation.Table.Name.ShouldBe("u");

    [Fact]
    public void A_change_on_top_of_a_copied_row_is_part_of_the_insert()
    {
        var operation = NetEffects(new Rows().Copy(1, "read", "large").Update(1, "later", Rows.Unsent)).ShouldHaveSingleItem();

        operation.Kind.ShouldBe(RowOperationKind.Insert);
        Rows.Text(operation.New, 1).ShouldBe("later");
        Rows.Text(operation.New, 2).ShouldBe("large");
    }

    [Fact]
    public void What_may_be_there_already_is_an_upsert()
    {
        var coalescer = new RowCoalescer();
        var batch = new Rows().Insert(1, "a").Batch();
        coalescer.Add(batch, batch.Entries[0], existenceUnknown: true);
        var operations = new OperationBuffer();
        coalescer.Drain(0, operations);

        operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Upsert);
    }

    [Fact]
    public void A_drain_forgets_so_that_the_next_span_starts_anew()
    {
        var coalescer = new RowCoalescer();
        Add(coalescer, new Rows().Insert(1, "a").Batch());
        coalescer.Drain(0, new OperationBuffer());
        Add(coalescer, new Rows(200).Update(1, "b").Batch());
        var operations = new OperationBuffer();
        coalescer.Drain(0, operations);

        operations.ShouldHaveSingleItem().Kind.ShouldBe(RowOperationKind.Update);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Net_effects_bring_a_table_to_the_state_that_the_changes_bring_it_to(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 200; run++)
        {
            var before = Enumerable.Range(0, random.Next(6)).ToDictionary(i => (long)i, i => $"before-{i}");
            var after = new Dictionary<long, string>(before);
            var rows = new Rows();
            for (var step = 0; step < random.Next(1, 25); step++) RandomChange(random, rows, after, step);

            Apply(before, NetEffects(rows)).ShouldBe(after, ignoreOrder: true, $"seed {seed}, run {run}");
        }
    }

    private static void RandomChange(Random random, Rows rows, Dictionary<long, string> table, int step)
    {
        var (id, other, value) = ((long)random.Next(8), (long)random.Next(8), $"{step}");
        switch (random.Next(5))
        {
            case 0 when !table.ContainsKey(id):
                rows.Insert(id, value);
                table[id] = value;
                break;
            case 1 when table.ContainsKey(id):
                rows.Update(id, value);
                table[id] = value;
                break;
            case 2 when table.ContainsKey(id) && !table.ContainsKey(other):
                rows.Move(id, other, value);
                table.Remove(id);
                table[other] = value;
                break;
            case 3 when table.ContainsKey(id):
                rows.Delete(id);
                table.Remove(id);
                break;
            case 4 when random.Next(10) == 0:
                rows.Truncate();
                table.Clear();
                break;
            default:
                break;
        }
    }

    private static Dictionary<long, string> Apply(Dictionary<long, string> before, OperationBuffer operations)
    {
        // A truncate is carried beside the operations (the router's matter): what they do not speak of after one is gone.
        var graph = new Dictionary<long, string>(before);
        if (LastTruncated) graph.Clear();
        foreach (var o in operations.Where(o => o.Old.Exists)) graph.Remove(Key(o.Old)).ShouldBeTrue("an old key must be in the graph");
        foreach (var o in operations.Where(o => o.New.Exists && o is { Kind: RowOperationKind.Update } && !o.Old.Exists)) graph.Remove(Key(o.New)).ShouldBeTrue("an update's node must be in the graph");
        foreach (var o in operations.Where(o => o.New.Exists)) graph.TryAdd(Key(o.New), Rows.Text(o.New, 1)).ShouldBeTrue("an insert's key must be free");
        return graph;
    }

    private static long Key(ImageRef image) => long.Parse(Rows.Text(image, 0), System.Globalization.CultureInfo.InvariantCulture);

    [ThreadStatic] private static bool LastTruncated;

    private static OperationBuffer NetEffects(Rows rows, bool existenceUnknown = false)
    {
        var coalescer = new RowCoalescer();
        Add(coalescer, rows.Batch(), existenceUnknown);
        var operations = new OperationBuffer();
        coalescer.Drain(0, operations);
        return operations;
    }

    private static void Add(RowCoalescer coalescer, ChangeBatch batch, bool existenceUnknown = false)
    {
        LastTruncated = false;
        foreach (ref readonly var entry in batch.Entries)
        {
            coalescer.Add(batch, entry, existenceUnknown || entry.ExistenceUnknown);
            LastTruncated |= entry.Kind == ChangeKind.Truncate;
        }
    }
}
