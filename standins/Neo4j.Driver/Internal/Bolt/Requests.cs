#nullable enable
using Neo4j.Driver.Internal.PackStream;

namespace Neo4j.Driver.Internal.Bolt;

/// <summary>A message to the server (https://neo4j.com/docs/bolt/current/bolt/message/).</summary>
internal abstract record Request(byte Tag)
{
    public static readonly Request Commit = new Plain(0x12);
    public static readonly Request Rollback = new Plain(0x13);
    public static readonly Request Reset = new Plain(0x0F);
    public static readonly Request Goodbye = new Plain(0x02);

    public abstract void Write(PackStreamWriter writer);

    private sealed record Plain(byte Tag) : Request(Tag)
    {
        public override void Write(PackStreamWriter writer) => writer.WriteStructHeader(Tag, 0);
    }
}

/// <summary>HELLO, LOGON and BEGIN: one map.</summary>
internal sealed record MapRequest(byte Tag, Dictionary<string, object?> Content) : Request(Tag)
{
    public static MapRequest Hello(Dictionary<string, object?> content) => new(0x01, content);

    public static MapRequest Logon(Dictionary<string, object?> token) => new(0x6A, token);

    public static MapRequest Begin(Dictionary<string, object?> extra) => new(0x11, extra);

    public override void Write(PackStreamWriter writer)
    {
        writer.WriteStructHeader(Tag, 1);
        writer.WriteMap(Content);
    }

    public override string ToString() => $"0x{Tag:X2}";
}

internal sealed record RunRequest(Query Query, Dictionary<string, object?> Extra) : Request(0x10)
{
    public override void Write(PackStreamWriter writer)
    {
        writer.WriteStructHeader(Tag, 3);
        writer.WriteString(Query.Text);
        if (Query.Parameters is Dictionary<string, object?> map) writer.Write(map);
        else writer.WriteMap(Query.Parameters);
        writer.WriteMap(Extra);
    }
}

/// <summary>PULL and DISCARD; a statement of -1 is the last one run.</summary>
internal sealed record StreamRequest(byte Tag, long Count, long Statement) : Request(Tag)
{
    public static StreamRequest Pull(long count, long statement = -1) => new(0x3F, count, statement);

    public static StreamRequest DiscardAll(long statement) => new(0x2F, -1, statement);

    public override void Write(PackStreamWriter writer)
    {
        writer.WriteStructHeader(Tag, 1);
        writer.WriteMapHeader(Statement >= 0 ? 2 : 1);
        writer.WriteString("n");
        writer.WriteInteger(Count);
        if (Statement < 0) return;
        writer.WriteString("qid");
        writer.WriteInteger(Statement);
    }
}

internal sealed record RouteRequest(Dictionary<string, object?> Context, string[] Bookmarks, Dictionary<string, object?> Extra) : Request(0x66)
{
    public override void Write(PackStreamWriter writer)
    {
        writer.WriteStructHeader(Tag, 3);
        writer.WriteMap(Context);
        writer.Write(Bookmarks);
        writer.WriteMap(Extra);
    }
}
