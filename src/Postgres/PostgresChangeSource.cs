using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>PostgreSQL's log as a source of changes: pgoutput over a replication connection, the first copy among them.</summary>
public sealed class PostgresChangeSource : IChangeSource
{
    private readonly PipelineSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SourceNames _names;
    private readonly SideConnection _side;
    private readonly string _where;
    private IReadOnlyList<CatalogTable> _catalog = [];
    private TypeCatalog? _types;
    private GraphMapping? _mapping;
    private readonly bool _readsLog;
    private readonly bool _followsOthers;
    private bool _madeSlot;
    private ulong _acknowledged;
    private readonly CaptureClock _work = new();
    private Live? _live;

    /// <param name="readsLog">False where only the catalog is asked, since another node captures: then a role does that may neither replicate nor read the tables.</param>
    /// <param name="followsOthers">Whether a slot that is held is waited for: another node may have had it before.</param>
    /// <exception cref="PipelineFailure">Fatal: the source's address cannot be read.</exception>
    public PostgresChangeSource(PipelineSettings settings, ILoggerFactory loggers, TimeProvider time, bool readsLog = true, bool followsOthers = false)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(loggers);
        _settings = settings;
        _readsLog = readsLog;
        _followsOthers = followsOthers;
        _time = time;
        _log = loggers.CreateLogger<PostgresChangeSource>();
        _names = SourceNames.Of(settings);
        var queries = SourceConnection.ForQueries(settings.Source, settings.Name);
        _side = new SideConnection(queries);
        _where = SourceConnection.Describe(queries);
    }

    public SourceProgress Progress
    {
        get
        {
            var live = _live;
            return live is null
                ? new SourceProgress(_names.Slot, Lsn.Zero, new Lsn(_acknowledged), Lsn.Zero, 0, false)
                : new SourceProgress(_names.Slot, live.Stream.Received, live.Clock.Flushed, live.Clock.ServerEnd, live.Rows, live.IsOpen) { Busy = _work.Busy };
        }
    }

    public async Task<DatabaseSchema> DescribeAsync(CancellationToken cancellationToken)
    {
        await new ServerChecks(_side, _names).CheckAsync(_readsLog, cancellationToken);
        await LoadCatalogAsync(cancellationToken);
        return new DatabaseSchema([.. _catalog.Select(t => t.Schema)]);
    }

    public async Task PrepareAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        await LoadCatalogAsync(cancellationToken);
        await new TableChecks(_side).CheckAsync(mapping, _catalog, cancellationToken);
        await new PublicationSetup(_side, _names, _log).EnsureAsync(mapping, cancellationToken);
        // whoever looks twice is told once that it is new
        _madeSlot |= await new SlotSetup(_side, _names, _time, _log, _followsOthers).EnsureAsync(cancellationToken);
        _mapping = mapping;
    }

    public async IAsyncEnumerable<ChangeBatch> ReadAsync(Cut from, CopyState copy, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var mapping = _mapping ?? throw new InvalidOperationException($"{nameof(PrepareAsync)} comes before {nameof(ReadAsync)}");
        await LoadCatalogAsync(cancellationToken);
        var slot = new SlotSetup(_side, _names, _time, _log);
        var confirmed = await slot.ConfirmedAsync(cancellationToken);
        if (from.Position != Position.Start)
            await slot.CheckContinuityAsync(_settings.Name, _madeSlot, confirmed, from.Position, new Lsn(Interlocked.Read(ref _acknowledged)), cancellationToken);
        _madeSlot = false;
        var live = await OpenAsync(from.Position, copy, confirmed, await PublishedAsync(mapping, cancellationToken), cancellationToken);
        SourceLog.Streaming(_log, _names.Slot, confirmed, from.Position);
        _live = live;
        try
        {
            while (true) yield return await live.Assembler.TakeAsync(cancellationToken);
        }
        finally
        {
            await live.DisposeAsync();
        }
    }

    public void Acknowledge(Lsn watermark)
    {
        ulong known;
        do known = Interlocked.Read(ref _acknowledged);
        while (watermark.Value > known && Interlocked.CompareExchange(ref _acknowledged, watermark.Value, known) != known);
        _live?.Clock.Wake();
    }

    public async Task<Lsn> MarkAsync(CancellationToken cancellationToken)
    {
        // The function gives the end of the message's record; the commit record of its transaction comes after it.
        var rows = await _side.QueryAsync(
            $"SELECT pg_logical_emit_message(true, '{PgOutputDecoder.MarkerPrefix}', 'mark')::text", [], cancellationToken);
        return Lsn.Parse(rows[0][0]);
    }

    public async Task RefreshAsync(IReadOnlyList<DeadKey> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var message in RefreshMarker.Write(_names.Slot, rows))
            await _side.QueryAsync($"SELECT pg_logical_emit_message(true, '{PgOutputDecoder.MarkerPrefix}', $1)::text", [message], cancellationToken);
    }

    /// <summary>Which server and database it is. Asked over a connection of its own, as a consumer of the log may.</summary>
    /// <exception cref="PipelineFailure">The server cannot be reached, or refuses.</exception>
    public async Task<SourceIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        if (!_readsLog)
        {
            var row = (await _side.QueryAsync("SELECT system_identifier::text, current_database()::text FROM pg_control_system()", [], cancellationToken))[0];
            return new SourceIdentity(row[0]!, row[1]!);
        }
        try
        {
            await using var stream = await ReplicationStream.OpenAsync(SourceConnection.ForReplication(_settings.Source, _settings.Name), cancellationToken);
            return await stream.IdentifyAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SourceFailure.Classify(e, _where);
        }
    }

    /// <summary>Asks the server whether it is this source's connection that has the slot.</summary>
    /// <exception cref="PipelineFailure">The server cannot be reached, or refuses.</exception>
    public async Task<bool> HoldsSlotAsync(CancellationToken cancellationToken)
    {
        if (_live is not { IsOpen: true } live) return false;
        var held = await _side.QueryAsync("SELECT active_pid::text FROM pg_replication_slots WHERE slot_name = $1", [_names.Slot], cancellationToken);
        return held is [[{ } pid]] && pid == live.Stream.ProcessId.ToString(CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (_live is { } live) await live.DisposeAsync();
        await _side.DisposeAsync();
    }

    private async Task LoadCatalogAsync(CancellationToken cancellationToken)
    {
        _types = await TypeCatalog.LoadAsync(_side, cancellationToken);
        _catalog = await new CatalogReader(_side).ReadTablesAsync(_settings.Source.Schemas, _types, cancellationToken);
    }

    /// <summary>Tables may have come and gone since the pipeline was prepared: those that are there are published and checked, one made anew among them.</summary>
    private async Task<IReadOnlyList<CatalogTable>> PublishedAsync(GraphMapping mapping, CancellationToken cancellationToken)
    {
        var tables = _catalog.Where(t => mapping.Find(t.Schema.Name) is not null).ToList();
        foreach (var gone in mapping.Tables.Where(t => tables.All(c => c.Schema.Name != t.Table))) SourceLog.TableGone(_log, gone.Table);
        var there = new GraphMapping([.. mapping.Tables.Where(t => tables.Any(c => c.Schema.Name == t.Table))]);
        await new TableChecks(_side).CheckAsync(there, tables, cancellationToken);
        await new PublicationSetup(_side, _names, _log).EnsureAsync(there, cancellationToken);
        return tables;
    }

    private async Task<Live> OpenAsync(Position from, CopyState copy, Lsn confirmed, IReadOnlyList<CatalogTable> tables, CancellationToken cancellationToken)
    {
        ReplicationStream stream;
        try
        {
            stream = await ReplicationStream.OpenAsync(SourceConnection.ForReplication(_settings.Source, _settings.Name), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw SourceFailure.Classify(e, _where);
        }
        return new Live(_settings, _names, stream, _mapping!, tables, _types!, from, copy, confirmed, () => new Lsn(Interlocked.Read(ref _acknowledged)),
            _side, _time, _log, _work, cancellationToken);
    }

    /// <summary>Everything that lives as long as one replication connection.</summary>
    private sealed class Live : IAsyncDisposable
    {
        private readonly StopSignal _stop;
        private readonly SideConnection _copySide;
        private readonly CopyCoordinator _copies;
        private readonly PgOutputDecoder _decoder;
        private readonly Task _running;
        private int _disposed;

        public Live(PipelineSettings settings, SourceNames names, ReplicationStream stream, GraphMapping mapping, IReadOnlyList<CatalogTable> tables,
            TypeCatalog types, Position from, CopyState copy, Lsn confirmed, Func<Lsn> acknowledged, SideConnection side, TimeProvider time, ILogger log,
            CaptureClock work, CancellationToken cancellationToken)
        {
            _stop = new StopSignal(cancellationToken);
            Stream = stream;
            Assembler = new BatchAssembler(new Cut(from, Lsn.Max(Lsn.Max(confirmed, acknowledged()), from.IsWhole ? from.CommitLsn : Lsn.Zero))) { Clock = work };
            _decoder = new PgOutputDecoder(from) { Writer = Assembler.Writer };
            _copySide = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
            var (state, anew) = CopyPlanner.Renew(CopyPlanner.Complete(copy, [.. tables.Select(t => t.Schema)], mapping), tables);
            var relations = new RelationTracker(side, mapping, types, tables.ToDictionary(t => t.Schema.Name), state);
            foreach (var table in anew)
            {
                SourceLog.TableAnew(log, table);
                Assembler.Writer.Add(new ChangeEntry(ChangeKind.Truncate, OldImage.None, false, relations.Current(table), -1, -1, from));
            }
            _copies = new CopyCoordinator([.. tables.Select(t => t.Schema)], mapping, state, side, _copySide, relations, settings.Source, log, work, Fail, _stop.Token);
            var watch = new ShapeWatch(side, [.. tables.Select(t => t.Schema.Name)]);
            Clock = new StreamClock(stream, Assembler, watch, side, settings.Source, names, time, log);
            var session = new WalSession(stream, Assembler, _decoder, relations, _copies, watch, names, settings.Limits, log);
            IsOpen = true;
            _running = Task.WhenAll(
                GuardAsync(() => session.RunAsync(anew.Count > 0, _stop.Token), side.Where),
                GuardAsync(() => Clock.RunAsync(acknowledged, _stop.Token), side.Where));
        }

        public ReplicationStream Stream { get; }

        public BatchAssembler Assembler { get; }

        public StreamClock Clock { get; }

        public bool IsOpen { get; private set; }

        public long Rows => _decoder.Rows + _copies.State.Tables.Values.Sum(t => t.Rows);

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
            await _stop.AskAsync();
            await _running;
            await Clock.DisposeAsync();
            await _copies.DisposeAsync();
            await _copySide.DisposeAsync();
            await Stream.DisposeAsync();
            _stop.Dispose();
        }

        private void Fail(Exception failure)
        {
            IsOpen = false;
            Assembler.Fail(failure);
            _stop.Ask();
        }

        private async Task GuardAsync(Func<Task> run, string where)
        {
            try
            {
                await Task.Run(run);
            }
            catch (OperationCanceledException) when (_stop.IsAsked)
            {
                IsOpen = false;
            }
            catch (Exception e)
            {
                Fail(SourceFailure.Classify(e, where));
            }
        }
    }
}
