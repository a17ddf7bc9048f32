using System.Buffers;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using NpgsqlTypes;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>The replication connection: raw pgoutput messages out, status updates in. Npgsql answers keepalives by itself.</summary>
internal sealed class ReplicationStream : IAsyncDisposable
{
    private readonly LogicalReplicationConnection _connection;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);

    private ReplicationStream(LogicalReplicationConnection connection) => _connection = connection;

    /// <summary>End of the last record received, or of the server's log as its last keepalive said.</summary>
    public Lsn Received => new((ulong)_connection.LastReceivedLsn);

    /// <summary>Of the server's end of the connection.</summary>
    public int ProcessId => _connection.ProcessID;

    public static async Task<ReplicationStream> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new LogicalReplicationConnection(connectionString);
        using var stop = new StopSignal(cancellationToken);
        try
        {
            await connection.Open(stop.Token);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        return new ReplicationStream(connection);
    }

    /// <summary>Which server it is, and which of its databases. Before the stream is started.</summary>
    public async Task<SourceIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        var system = await _connection.IdentifySystem(cancellationToken);
        return new SourceIdentity(system.SystemId, system.DbName ?? "");
    }

    /// <summary>Starts at the slot's confirmed position. Each message's bytes are read by <see cref="BytesAsync"/> before the next is asked for.</summary>
    public IAsyncEnumerator<XLogDataMessage> Start(string slot, string publication, CancellationToken cancellationToken) =>
        _connection.StartLogicalReplication(new Slot(slot), cancellationToken, null,
            [
                new("proto_version", "1"),
                new("publication_names", TableName.Quote(publication)),
                new("messages", "true"),
            ]).GetAsyncEnumerator(cancellationToken);

    /// <summary>Copies a message out of the connection's buffer, which the next read overwrites; valid until the next call.</summary>
    public ValueTask<ReadOnlyMemory<byte>> BytesAsync(XLogDataMessage message, CancellationToken cancellationToken)
    {
        var length = (int)message.Data.Length;
        if (_buffer.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(length);
        }
        var target = _buffer.AsMemory(0, length);
        var reading = message.Data.ReadAsync(target, cancellationToken);
        return reading.IsCompletedSuccessfully && reading.Result == length
            ? new ValueTask<ReadOnlyMemory<byte>>(target)
            : FinishAsync(reading, message.Data, target, cancellationToken);
    }

    public async Task SendStatusAsync(Lsn flushed, CancellationToken cancellationToken)
    {
        try
        {
            if (flushed.Value > 0) _connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(flushed.Value));
            await _connection.SendStatusUpdate(cancellationToken);
        }
        catch (Exception e) when (e is NullReferenceException or InvalidOperationException)
        {
            // Npgsql 10 does not expect that the connection breaks in the moment in which a status is sent: its connector is null by then.
            throw new IOException("the replication connection broke while a status was sent", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static async ValueTask<ReadOnlyMemory<byte>> FinishAsync(
        ValueTask<int> reading, Stream data, Memory<byte> target, CancellationToken cancellationToken)
    {
        var read = await reading;
        while (read < target.Length)
        {
            var more = await data.ReadAsync(target[read..], cancellationToken);
            if (more == 0) throw new EndOfStreamException("a replication message ended early");
            read += more;
        }
        return target;
    }

    private sealed class Slot(string name) : LogicalReplicationSlot("pgoutput", new ReplicationSlotOptions(name));
}
