using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using Akka.Hosting.Logging;
using Akka.Streams.Kafka.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyglotSync.Actors.Capture;
using PolyglotSync.Actors.Pipelines;
using PolyglotSync.Actors.Placing;
using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Api;
using PolyglotSync.SyncNode.Clustering;
using PolyglotSync.SyncNode.Manifests;
using PolyglotSync.SyncNode.Pbm;

namespace PolyglotSync.SyncNode.Hosting;

/// <param name="Api">Where the API listens.</param>
/// <param name="Hocon">A HOCON file of the person's; null: see <see cref="HoconFiles"/>.</param>
/// <param name="ShowChanges">Whether status answers may hold row data, as patterns.</param>
/// <param name="Journal">Npgsql connection string of the database with the journal; null: in memory.</param>
/// <param name="Manifests">Where manifests are kept that are applied while it runs; null: nowhere.</param>
/// <param name="CapturesOnly">Whether it runs no pipelines.</param>
/// <param name="Cluster">Of role cluster, and of no other.</param>
/// <param name="Name">What it is called; null: see <see cref="NodeName"/>.</param>
internal sealed record NodeOptions(
    ApiEndpoint Api, string LogLevel, string? Hocon, bool ShowChanges, NodeRole Role = NodeRole.Embedded, string? Journal = null, ManifestFolder? Manifests = null, bool CapturesOnly = false,
    ClusterSettings? Cluster = null, string? Name = null)
{
    /// <summary>What the node is called where others see it: as it was told, else its machine with the port of its API.</summary>
    public string NodeName => Name ?? (Api.Address.Port == 0 ? $"{Environment.MachineName}/{Environment.ProcessId}" : $"{Environment.MachineName}:{Api.Address.Port}");
}

/// <summary>A node: actor system, pipelines and API in one host. Used by <c>run</c> and <c>demo</c>.</summary>
internal sealed class Node : IAsyncDisposable
{
    /// <summary>Draining may take 30 s, the rest of a stop a little more.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(45);

    private readonly WebApplication _app;
    private readonly ActorSystem _system;
    private readonly Channel<PipelineFailed> _failures = Channel.CreateUnbounded<PipelineFailed>();

    private readonly string? _tokenFile;
    private readonly ApiToken _token;
    private readonly DeadLetterDesk _desk;
    private readonly ManifestDesk _manifests;
    private readonly IncidentDesk _incidents;
    private readonly NodePlace _place;

    private Node(WebApplication app, Uri api, ApiToken token)
    {
        _app = app;
        _token = token;
        _desk = app.Services.GetRequiredService<DeadLetterDesk>();
        _manifests = app.Services.GetRequiredService<ManifestDesk>();
        _incidents = app.Services.GetRequiredService<IncidentDesk>();
        _place = app.Services.GetRequiredService<NodePlace>();
        _tokenFile = LeaveToken(api, token, app.Services.GetRequiredService<ILoggerFactory>());
        _system = app.Services.GetRequiredService<ActorSystem>();
        Api = api;
        Pipelines = app.Services.GetRequiredService<IPipelines>();
        _system.ActorOf(FailureWatch.Props(f => _failures.Writer.TryWrite(f)), "failure-watch");
        _system.WhenTerminated.ContinueWith(_ => _failures.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public Uri Api { get; }

    public IPipelines Pipelines { get; }

    /// <summary>Pipelines that stopped and need a person, each once; ends with the node.</summary>
    public ChannelReader<PipelineFailed> Failures => _failures.Reader;

    /// <summary>Pipelines that the node runs now, or its cluster does.</summary>
    public IReadOnlyCollection<string> Names => _manifests.Names;

    public static async Task<Node> StartAsync(NodeOptions options, CancellationToken cancellationToken)
    {
        var hocon = HoconFiles.Load(options.Role, options.Hocon);
        var token = ApiToken.Choose(Environment.GetEnvironmentVariable);
        await Journal.PrepareAsync(options.Journal, cancellationToken);
        var app = ApiServer.Create(options.Api, token, NodeLog.To(options.LogLevel), services =>
        {
            services.AddSingleton(Failpoint.Clock);
            services.AddSingleton<IPipelines>(provider => new ActorPipelines(provider.GetRequiredService<ActorSystem>(), options.NodeName, provider.GetRequiredService<NodePlace>()));
            services.AddSingleton(provider => new RoomFactory(provider.GetRequiredService<ILoggerFactory>(), Failpoint.Clock, options.ShowChanges, provider.GetRequiredService<ActorSystem>, options.NodeName,
                followsOthers: options.Cluster is not null));
            services.AddSingleton<IPipelineFactory>(provider => provider.GetRequiredService<RoomFactory>());
            services.AddSingleton(provider => new NodePlace(options.Cluster is not null, provider.GetRequiredService<ActorSystem>));
            services.AddSingleton<PipelineBook>();
            services.AddSingleton<DeadLetterDesk>();
            services.AddSingleton<IDeadLetterDesk>(provider => provider.GetRequiredService<DeadLetterDesk>());
            services.AddSingleton<IPipelineRunner, ActorRunner>();
            services.AddSingleton<ISourceCatalog, SourceCatalog>();
            services.AddSingleton(provider => new ManifestDesk(new ManifestReader(Environment.GetEnvironmentVariable, SourceConnection.Parse),
                provider.GetRequiredService<IPipelineRunner>(), provider.GetRequiredService<ISourceCatalog>(), options.Manifests,
                options.Cluster is null ? null : new ActorManifestSpread(provider.GetRequiredService<ActorSystem>())));
            services.AddSingleton<IManifestDesk>(provider => options.CapturesOnly ? new NoManifests() : provider.GetRequiredService<ManifestDesk>());
            services.AddSingleton<IncidentDesk>();
            services.AddSingleton<IIncidentDesk>(provider => provider.GetRequiredService<IncidentDesk>());
            services.AddAkka(ClusterSettings.System, (builder, provider) => builder
                .WithJournal(options.Journal)
                .WithCluster(options.Cluster)
                .AddHocon(hocon, HoconAddMode.Prepend)
                .WithPbm(hocon, provider)
                .AddHocon(KafkaExtensions.DefaultSettings, HoconAddMode.Append)
                .ConfigureLoggers(logs =>
                {
                    logs.ClearLoggers();
                    logs.AddLogger<ActorLog>();
                })
                .AddSetup(new LoggerFactorySetup(provider.GetRequiredService<ILoggerFactory>()))
                .WithRooms(provider.GetRequiredService<RoomFactory>(), options.Cluster, provider.GetRequiredService<PipelineBook>()));
        });
        try
        {
            return new Node(app, await ApiServer.StartAsync(app, options.Api.Address, cancellationToken), token);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            // what the packages at hand cannot do is said as what it is
            if (e.GetBaseException() is not NotSupportedException unsupported) throw;
            throw new PipelineFailure(FailureClass.Fatal, $"role {options.Role.ToString().ToLowerInvariant()}: {unsupported.Message}", e) { ExitCode = ExitCode.Usage };
        }
    }

    /// <summary>Starts a pipeline; how it fares is seen in <see cref="Pipelines"/> and <see cref="Failed"/>.</summary>
    /// <param name="manifest">null: it was said on the command line.</param>
    public void Run(PipelineSettings settings, Manifest? manifest = null)
    {
        _desk.Add(settings);
        _manifests.Add(settings, manifest);
        _incidents.Add(settings);
        ActorRegistry.For(_system).Get<PipelinesActor>().Tell(new StartPipeline(settings), ActorRefs.NoSender);
    }

    /// <summary>All that it was given runs. In a cluster it tells the others of its manifests from now on, and hears of theirs.</summary>
    public void Settle()
    {
        if (_place.Name is not { } name) return;
        var (system, manifests) = (_system, _manifests);
        _system.ActorOf(ManifestsActor.Props(name, manifests, () => ActorManifestSpread.Others(system).Select(o => o.Manifests)), "manifests");
    }

    /// <summary>Starts to capture for a pipeline into its topics; how that fares is seen in <see cref="Pipelines"/> and <see cref="Failures"/>, by the pipeline's name.</summary>
    public void Capture(PipelineSettings settings)
    {
        _incidents.Add(settings);
        ActorRegistry.For(_system).Get<CapturesActor>().Tell(new StartCapture(settings), ActorRefs.NoSender);
    }

    /// <summary>Drains, records the positions, stops.</summary>
    public async Task StopAsync()
    {
        using var bounded = new CancellationTokenSource(StopTime);
        await _app.StopAsync(bounded.Token);
    }

    public ValueTask DisposeAsync()
    {
        if (_tokenFile is not null) TokenFile.Remove(_tokenFile, _token.Value);
        return _app.DisposeAsync();
    }

    /// <summary>For the commands of the same user. A disk that takes nothing is no reason not to run.</summary>
    private static string? LeaveToken(Uri api, ApiToken token, ILoggerFactory loggers)
    {
        if (token.IsGiven) return null;
        var file = TokenFile.For(api, Environment.GetEnvironmentVariable);
        try
        {
            if (file is null) throw new IOException($"the user has no home folder; {TokenFile.FolderVariable} may name one");
            TokenFile.Write(file, token.Value);
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NodeLog.TokenNotLeft(loggers.CreateLogger<Node>(), e.Message);
            return null;
        }
    }
}
