using Microsoft.Extensions.Logging.Abstractions;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode.Hosting;

/// <summary>Asks the servers themselves, over connections of its own.</summary>
internal sealed class SourceCatalog : ISourceCatalog
{
    private readonly RoomFactory _rooms = new(NullLoggerFactory.Instance, TimeProvider.System, showChanges: false);

    public async Task<DatabaseSchema> DescribeAsync(PipelineSettings settings, CancellationToken cancellationToken)
    {
        await using var source = _rooms.CreateSource(settings with { Kafka = null });
        return await source.DescribeAsync(cancellationToken);
    }

    public (GraphMapping Mapping, IReadOnlyList<string> Warnings) Map(PipelineSettings settings, DatabaseSchema schema) => _rooms.CreateMapping(settings, schema);

    public Task<IReadOnlyList<string>> CheckAsync(PipelineSettings settings, CancellationToken cancellationToken) => Preflight.CheckAsync(_rooms, settings, cancellationToken);

    public Task<IReadOnlyList<string>> DropAsync(PipelineSettings settings, CancellationToken cancellationToken) => new SourceRemoval(settings, TimeProvider.System).DropAsync(cancellationToken);
}
