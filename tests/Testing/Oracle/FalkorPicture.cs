using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Testing.Oracle;

/// <summary>FalkorDB over plain RESP, one connection, one command at a time: a way in that shares nothing with the product's client.</summary>
public sealed class FalkorResp : IDisposable
{
    private const int MaxReadings = 5;

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

    /// <summary>The rows of a query in the compact form: each cell a pair of type and value.</summary>
    public List<List<object?>> Query(string graph, string cypher)
    {
        var answer = (List<object?>)Command("GRAPH.QUERY", graph, cypher, "--compact")!;
        return answer.Count < 3 ? [] : [.. ((List<object?>)answer[1]!).Select(r => (List<object?>)r!)];
    }

    public void Wipe(string graph)
    {
        if (((List<object?>)Command("GRAPH.LIST")!).Contains(graph)) Command("GRAPH.DELETE", graph);
    }

    /// <summary>Nodes first, then relationships: where one leads to a node that came in between, or to one that no picture has, both are read anew.</summary>
    public GraphPicture Read(string graph)
    {
        for (var readings = 1; ; readings++)
        {
            try
            {
                return ReadOnce(graph);
            }
            catch (KeyNotFoundException) when (readings < MaxReadings)
            {
                // the graph has moved
            }
        }
    }

    private GraphPicture ReadOnce(string graph)
    {
        const string properties = "[k IN keys(x) | [k, x[k]]]";
        var picture = new GraphPicture();
        var nodes = new Dictionary<long, PictureNode>();
        foreach (var row in Query(graph, $"MATCH (x) RETURN id(x), labels(x), {properties}"))
        {
            var labels = List(row[1]).Select(Text).Order(StringComparer.Ordinal).ToList();
            if (labels.Contains("__PolySync")) continue;
            var node = new PictureNode(string.Join(':', labels), Properties(row[2]));
            nodes[(long)Raw(row[0])!] = node;
            picture.Nodes.Add(node);
            if (labels.Any(l => l.StartsWith("__", StringComparison.Ordinal))) picture.Oddities.Add($"a label of the product was left behind: (:{node.Labels})");
        }
        foreach (var row in Query(graph, $"MATCH (a)-[x]->(b) RETURN id(a), id(b), type(x), {properties}"))
            picture.Edges.Add(new PictureEdge(Text(row[2]), nodes[(long)Raw(row[0])!], nodes[(long)Raw(row[1])!], Properties(row[3])));
        return picture;
    }

    private static object? Raw(object? cell) => ((List<object?>)cell!)[1];

    private static string Text(object? cell) => (string)Raw(cell)!;

    private static List<object?> List(object? cell) => (List<object?>)Raw(cell)!;

    private static Dictionary<string, string> Properties(object? cell) => List(cell).Select(List).ToDictionary(p => Text(p[0]), p => Value(p[1]));

    /// <summary>Type codes of the compact form: 2 string, 3 integer, 4 boolean, 5 double, 6 array.</summary>
    private static string Value(object? cell) => ((List<object?>)cell!)[0] switch
    {
        2L => Canonical.Text(Text(cell)),
        3L => Canonical.Int(Raw(cell)!.ToString()!),
        4L => Canonical.Bool(Text(cell) == "true"),
        5L => Canonical.Float(Text(cell)),
        6L => Canonical.List(List(cell).Select(Value)),
        var type => $"FalkorDB type {type} {Raw(cell)}",
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
