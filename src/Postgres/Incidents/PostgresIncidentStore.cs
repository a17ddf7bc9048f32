using PolyglotSync.Contracts;

namespace PolyglotSync.Postgres;

/// <summary>Incidents in the source database (<see cref="IncidentTable"/>).</summary>
public sealed class PostgresIncidentStore : IIncidentStore, IAsyncDisposable
{
    private readonly SideConnection _source;
    private readonly IncidentTable _table;
    private readonly string _node;

    /// <param name="node">What this node is called in the log.</param>
    /// <exception cref="PipelineFailure">Fatal: the source's address cannot be read.</exception>
    public PostgresIncidentStore(PipelineSettings settings, string node)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _source = new SideConnection(SourceConnection.ForQueries(settings.Source, settings.Name));
        _table = new IncidentTable(_source);
        _node = node;
    }

    public async Task SaveAsync(IReadOnlyList<Incident> incidents, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        if (incidents.Count == 0) return;
        await _table.EnsureAsync(cancellationToken);
        await _source.QueryAsync(IncidentSql.Save, IncidentSql.Columns(incidents, _node), cancellationToken);
    }

    public async Task CloseLeftOpenAsync(string pipeline, PipelineRole role, string run, DateTimeOffset at, bool ofThisNode, CancellationToken cancellationToken)
    {
        if (!await _table.IsThereAsync(cancellationToken)) return;
        await _source.QueryAsync(IncidentSql.CloseLeftOpen,
            [pipeline, IncidentSql.Word(role), run, IncidentSql.Text(at), ofThisNode ? _node : DBNull.Value], cancellationToken);
    }

    public async Task<IReadOnlyList<StoredIncident>> ListAsync(IncidentFilter filter, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!await _table.IsThereAsync(cancellationToken)) return [];
        var (sql, parameters) = IncidentSql.List(filter, before, limit);
        return [.. (await _source.QueryAsync(sql, parameters, cancellationToken)).Select(IncidentSql.Read)];
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
