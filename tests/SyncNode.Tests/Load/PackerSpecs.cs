using PolyglotSync.SyncNode.Load.Choosing;
using PolyglotSync.SyncNode.Load.Statements;
using PolyglotSync.SyncNode.Load.Worlds;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests.Load;

/// <summary>How the rows of a transaction become statements.</summary>
public sealed class PackerSpecs
{
    private static readonly KeySet Parents = new("parents", "");
    private static readonly KeySet Children = new("children", "");
    private static readonly LoadAction InsertParent = Action(LoadKind.Insert, "parents");
    private static readonly LoadAction InsertChild = Action(LoadKind.Insert, "children");
    private static readonly LoadAction UpdateParent = Action(LoadKind.Update, "parents");
    private static readonly LoadAction DeleteParent = Action(LoadKind.Delete, "parents");
    private static readonly LoadAction RenameParent = Action(LoadKind.KeyChange, "parents");

    private readonly StatementPacker _packer = new();

    [Fact]
    public void Rows_of_the_same_action_share_a_statement()
    {
        Do(InsertParent, 1);
        Do(UpdateParent, 7);
        Do(InsertParent, 2);
        Do(UpdateParent, 8);
        Becomes("Insert parents (1), (2)", "Update parents (7), (8)");
    }

    [Fact]
    public void A_row_that_is_written_twice_is_written_by_two_statements()
    {
        Do(UpdateParent, 7);
        Do(UpdateParent, 8);
        Do(UpdateParent, 7);
        Do(UpdateParent, 9);
        Becomes("Update parents (7), (8)", "Update parents (7), (9)");
    }

    [Fact]
    public void A_child_comes_after_its_parent_and_children_share_one()
    {
        DoChild(50, of: 3);
        Do(InsertParent, 1);
        DoChild(51, of: 1);
        DoChild(52, of: 1);
        Becomes("Insert children (50)", "Insert parents (1)", "Insert children (51), (52)");
    }

    [Fact]
    public void A_parent_is_deleted_after_the_children_that_refer_to_it()
    {
        Do(DeleteParent, 4);
        DoChild(50, of: 3);
        Do(DeleteParent, 3);
        Becomes("Delete parents (4)", "Insert children (50)", "Delete parents (3)");
    }

    [Fact]
    public void A_row_under_its_new_key_comes_after_the_change_and_under_its_old_one_before()
    {
        DoChild(50, of: 3);
        _packer.Add(RenameParent, new DrawnRow(3, 0, 0, new RowRef(Parents, 3)) { MovedTo = new RowRef(Parents, 30) });
        DoChild(51, of: 30);
        Becomes("Insert children (50)", "KeyChange parents (3)", "Insert children (51)");
    }

    private void Do(LoadAction action, long id) => _packer.Add(action, new DrawnRow(id, 0, 0, new RowRef(Parents, id)));

    private void DoChild(long id, long of) => _packer.Add(InsertChild, new DrawnRow(id, 0, 0, new RowRef(Children, id)) { Parent = new RowRef(Parents, of) });

    private void Becomes(params string[] statements) => _packer.Statements.Select(s => s.ToString()).ShouldBe(statements);

    private static LoadAction Action(LoadKind kind, string table) => new(kind, 1, table, 1, "", _ => null);
}
