using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Graph.Falkor;

/// <summary>An error that the server answered, as opposed to a connection that broke.</summary>
internal sealed class RespException(string message) : Exception(message);

/// <summary>
/// One connection that speaks RESP2, one command at a time: a request of megabytes is written from its buffers as they are. (StackExchange.Redis 1.2.6, the one version
/// that restores beside this project's other packages, knows no timeout for asynchronous commands and copies each argument.)
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private byte[] _buffer = new byte[32 * 1024];
    private int _from;
    private int _to;

    private RespConnection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RespConnection> OpenAsync(string host, int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            return new RespConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <returns>null, string, long, or a list of these.</returns>
    /// <exception cref="RespException">The server answered an error, at the top or inside a list.</exception>
    public async Task<object?> CommandAsync(IReadOnlyList<ReadOnlyMemory<byte>> words, CancellationToken cancellationToken)
    {
        await WriteAsync($"*{words.Count}\r\n", cancellationToken);
        foreach (var word in words)
        {
            await WriteAsync(string.Create(CultureInfo.InvariantCulture, $"${word.Length}\r\n"), cancellationToken);
            await _stream.WriteAsync(word, cancellationToken);
            await WriteAsync("\r\n", cancellationToken);
        }
        var error = new StringBuilder();
        var answer = await ReadAsync(error, cancellationToken);
        return error.Length == 0 ? answer : throw new RespException(error.ToString());
    }

    private ValueTask WriteAsync(string text, CancellationToken cancellationToken) => _stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

    /// <summary>Reads one answer to its end, errors included, so that the connection stays usable.</summary>
    private async Task<object?> ReadAsync(StringBuilder error, CancellationToken cancellationToken)
    {
        var line = await LineAsync(cancellationToken);
        switch (line[0])
        {
            case '+': return line[1..];
            case '-':
                error.Append(line.AsSpan(1));
                return null;
            case ':': return long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            case '$':
                var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                return length < 0 ? null : await TextAsync(length, cancellationToken);
            case '*':
                var count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                if (count < 0) return null;
                var items = new List<object?>(count);
                for (var i = 0; i < count; i++) items.Add(await ReadAsync(error, cancellationToken));
                return items;
            default: throw new IOException($"not a RESP answer: '{line}'");
        }
    }

    private async Task<string> TextAsync(int length, CancellationToken cancellationToken)
    {
        while (_to - _from < length + 2) await FillAsync(length + 2, cancellationToken);
        var text = Encoding.UTF8.GetString(_buffer, _from, length);
        _from += length + 2;
        return text;
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = _buffer.AsSpan(_from, _to - _from).IndexOf("\r\n"u8)) < 0) await FillAsync(_to - _from + 1, cancellationToken);
        var line = Encoding.UTF8.GetString(_buffer, _from, end);
        _from += end + 2;
        return line;
    }

    private async Task FillAsync(int needed, CancellationToken cancellationToken)
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _to -= _from;
            _from = 0;
        }
        if (needed > _buffer.Length || _to == _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, needed));
        var read = await _stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken);
        if (read == 0) throw new IOException("the server closed the connection");
        _to += read;
    }
}
