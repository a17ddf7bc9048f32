#nullable enable
using System.Net.Sockets;
using Neo4j.Driver.Internal.PackStream;

namespace Neo4j.Driver.Internal.Bolt;

/// <summary>
/// One conversation with a server. Requests are written whole and answered in order; several may be under way. What the server reports
/// goes to the handler of its request; a broken connection goes to all handlers that still wait.
/// </summary>
internal sealed class BoltConnection : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly ILogger _logger;
    private readonly ChunkedOutput _output = new();
    private readonly PackStreamWriter _writer;
    private readonly MessageInput _input = new();
    private readonly Queue<ResponseHandler> _waiting = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly SemaphoreSlim _receiving = new(1);
    private Neo4jException? _failure;
    private bool _disposed;

    public BoltConnection(Stream stream, BoltVersion version, ServerAddress address, ILogger logger)
    {
        (_stream, Version, Address, _logger) = (stream, version, address, logger);
        _writer = new PackStreamWriter(_output) { UtcDateTimes = version.Major >= 5 };
    }

    public BoltVersion Version { get; }

    public ServerAddress Address { get; }

    /// <summary>e.g. Neo4j/5.26.0</summary>
    public string Agent { get; set; } = "";

    public bool IsOpen { get; private set; } = true;

    /// <summary>The server ignores everything until RESET, or an answer is still due.</summary>
    public bool NeedsReset => _failure != null || _waiting.Count > 0;

    /// <summary>Longest silence while an answer is due; the server's own keep-alives end it.</summary>
    public TimeSpan ReadTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    public bool UtcDateTimes
    {
        set => _writer.UtcDateTimes = value;
    }

    /// <summary>Writes the requests in one go. If a value cannot be encoded nothing is sent and the connection stays usable.</summary>
    /// <exception cref="ProtocolException">Cypher has no such type.</exception>
    /// <exception cref="ServiceUnavailableException">The connection is broken.</exception>
    public async ValueTask SendAsync(
        Request first, ResponseHandler firstHandler, Request? second = null, ResponseHandler? secondHandler = null, CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsOpen) throw new ServiceUnavailableException($"The connection to {Address} is closed.");
            Encode(first);
            if (second != null) Encode(second);
            lock (_waiting)
            {
                _waiting.Enqueue(firstHandler);
                if (secondHandler != null) _waiting.Enqueue(secondHandler);
            }

            await _output.FlushAsync(_stream, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw Break(e);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Takes the next answer, and those that have arrived with it. Errors go to the handlers.</summary>
    public async ValueTask ReceiveAsync(CancellationToken cancellationToken = default)
    {
        await _receiving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_waiting.Count == 0) return;
            ReadOnlyMemory<byte> message;
            while (!_input.TryRead(out message)) await FillAsync(cancellationToken).ConfigureAwait(false);
            do
            {
                Dispatch(message.Span);
            }
            while (_waiting.Count > 0 && _input.TryRead(out message));
        }
        catch (Exception e) when (IsBreak(e) || e is ProtocolException)
        {
            Break(e);
        }
        finally
        {
            _receiving.Release();
        }
    }

    /// <summary>One request and its answer; answers due before it are taken too.</summary>
    public async Task<Dictionary<string, object?>> AskAsync(Request request, CancellationToken cancellationToken = default)
    {
        var answer = new Answer();
        await SendAsync(request, answer, cancellationToken: cancellationToken).ConfigureAwait(false);
        while (!answer.IsComplete) await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        return answer.Metadata();
    }

    /// <summary>Back to the state after LOGON: whatever ran is stopped and rolled back.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken = default)
    {
        await AskAsync(Request.Reset, cancellationToken).ConfigureAwait(false);
        _failure = null;
    }

    /// <summary>Says goodbye, if the connection still stands, and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            if (IsOpen)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await SendAsync(Request.Goodbye, new Answer(), cancellationToken: patience.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is Neo4jException or OperationCanceledException)
        {
            _logger.Debug("{0}: no goodbye, the connection is broken: {1}", Address, e.Message);
        }

        IsOpen = false;
        await _stream.DisposeAsync().ConfigureAwait(false);
        _output.Dispose();
    }

    private void Encode(Request request)
    {
        _output.BeginMessage();
        try
        {
            request.Write(_writer);
        }
        catch
        {
            _output.AbandonMessage();
            throw;
        }

        _output.EndMessage();
        _logger.Debug("{0} C: {1}", Address, request.GetType().Name);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (ReadTimeout == Timeout.InfiniteTimeSpan)
        {
            await _input.FillAsync(_stream, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ReadTimeout);
        try
        {
            await _input.FillAsync(_stream, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server at {Address} has been silent for {ReadTimeout.TotalSeconds} s.");
        }
    }

    private void Dispatch(ReadOnlySpan<byte> message)
    {
        var reader = new PackStreamReader(message);
        var (tag, _) = reader.ReadStructHeader();
        if (tag == 0x71)
        {
            Next().OnRecord(reader.ReadRow());
            return;
        }

        var handler = Next();
        switch (tag)
        {
            case 0x70:
                var metadata = reader.ReadMap();
                Done();
                handler.OnSuccess(metadata);
                break;
            case 0x7F:
                _failure = ServerErrors.From(reader.ReadMap());
                Done();
                _logger.Debug("{0} S: {1}", Address, _failure.Code);
                handler.OnFailure(_failure);
                break;
            case 0x7E:
                Done();
                handler.OnFailure(_failure ?? new ProtocolException("The server ignores a request without having reported an error."));
                break;
            default:
                throw new ProtocolException($"The server sent a message of an unknown kind, 0x{tag:X2}.");
        }
    }

    private ResponseHandler Next()
    {
        lock (_waiting) return _waiting.Peek();
    }

    private void Done()
    {
        lock (_waiting) _waiting.Dequeue();
    }

    private static bool IsBreak(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or TimeoutException or OperationCanceledException;

    /// <summary>A conversation cannot go on after half a message: the connection is given up, whatever the reason.</summary>
    private Exception Break(Exception cause)
    {
        IsOpen = false;
        var error = cause switch
        {
            ProtocolException violation => violation,
            TimeoutException => new ConnectionReadTimeoutException(cause.Message, cause),
            _ => (Neo4jException)new ServiceUnavailableException(
                $"The connection to {Address} broke: {cause.Message}", cause),
        };
        _failure = error;
        _logger.Warn(cause, "The connection to {0} broke.", Address);
        while (true)
        {
            ResponseHandler? handler;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out handler)) break;
            }

            handler.OnFailure(error);
        }

        return cause is OperationCanceledException ? cause : error;
    }
}
