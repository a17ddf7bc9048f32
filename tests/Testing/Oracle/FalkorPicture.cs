using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Testing.Oracle;

/// <summary>FalkorDB over plain RESP, one connection, one command at a time: a way in that shares nothing with the product's client.</summary>
public sealed class FalkorResp : IDisposable
{
    private readonly TcpClient _client;
    private readonly BufferedStream _stream;

    public FalkorResp(string host, int port)
    {
        _client = new TcpClient(host, port) { ReceiveTimeout = 60_000 };
        _stream = new BufferedStream(_client.GetStream(), 1 << 16);
    }

    public void Dispose() => _client.Dispose();

    public object? Command(params string[] words)
    {
        var text = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words) text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        _stream.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _stream.Flush();
        return Read();
    }

    public List<List<object?>> Query(string graph, string cypher)
    {
        var answer = (List<object?>)Command("GRAPH.QUERY", graph, cypher)!;
        return answer.Count < 3 ? [] : [.. ((List<object?>)answer[1]!).Select(r => (List<object?>)r!)];
    }

    public void Wipe(string graph)
    {
        if (((List<object?>)Command("GRAPH.LIST")!).Contains(graph)) Command("GRAPH.DELETE", graph);
    }

    /// <summary>Each value is asked for with its type (typeOf), so that 5 and "5" differ.</summary>
    public GraphPicture Read(string graph)
    {
        const string typed = "[k IN keys(x) | [k, typeOf(x[k]), CASE typeOf(x[k]) WHEN 'List' THEN [e IN x[k] | [typeOf(e), e]] ELSE x[k] END]]";
        var picture = new GraphPicture();
        var nodes = new Dictionary<long, PictureNode>();
        foreach (var row in Query(graph, $"MATCH (x) RETURN id(x), labels(x), {typed}"))
        {
            var labels = ((List<object?>)row[1]!).Cast<string>().Order(StringComparer.Ordinal).ToList();
            if (labels is ["__PolySync"]) continue;
            var node = new PictureNode(string.Join(':', labels), Properties(row[2]));
            nodes[(long)row[0]!] = node;
            picture.Nodes.Add(node);
            if (labels.Any(l => l.StartsWith("__", StringComparison.Ordinal))) picture.Oddities.Add($"a label of the product was left behind: (:{node.Labels})");
        }
        foreach (var row in Query(graph, $"MATCH (a)-[x]->(b) RETURN id(a), id(b), type(x), {typed}"))
            picture.Edges.Add(new PictureEdge((string)row[2]!, nodes[(long)row[0]!], nodes[(long)row[1]!], Properties(row[3])));
        return picture;
    }

    private static Dictionary<string, string> Properties(object? typed) =>
        ((List<object?>)typed!).Select(t => (List<object?>)t!).ToDictionary(t => (string)t[0]!, t => Value((string)t[1]!, t[2]));

    private static string Value(string type, object? value) => (type, value) switch
    {
        ("Boolean", _) => Canonical.Bool(value?.ToString() == "true"),
        ("Integer", _) => Canonical.Int(value!.ToString()!),
        ("Float", _) => Canonical.Float(value!.ToString()!),
        ("String", _) => Canonical.Text((string)value!),
        ("List", List<object?> items) => Canonical.List(items.Select(i => (List<object?>)i!).Select(i => Value((string)i[0]!, i[1]))),
        _ => $"{type} {value}",
    };

    private object? Read()
    {
        var line = ReadLine();
        switch (line[0])
        {
            case '+': return line[1..];
            case '-': throw new InvalidOperationException($"FalkorDB refused: {line[1..]}");
            case ':': return long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            case '$':
                var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                if (length < 0) return null;
                var bytes = new byte[length + 2];
                _stream.ReadExactly(bytes);
                return Encoding.UTF8.GetString(bytes, 0, length);
            case '*':
                var count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                var items = new List<object?>(Math.Max(count, 0));
                for (var i = 0; i < count; i++) items.Add(Read());
                return items;
            default: throw new InvalidOperationException($"the oracle does not read RESP '{line}'");
        }
    }

    private string ReadLine()
    {
        var bytes = new List<byte>();
        for (int b; (b = _stream.ReadByte()) != '\r';)
        {
            if (b < 0) throw new EndOfStreamException("FalkorDB closed the connection");
            bytes.Add((byte)b);
        }
        _stream.ReadByte();
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
