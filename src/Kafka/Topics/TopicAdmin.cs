using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using PolyglotSync.Kafka.Connecting;

namespace PolyglotSync.Kafka.Topics;

/// <summary>Makes the topics of a pipeline or checks those that are there. One administrative client, until it is disposed.</summary>
public sealed class TopicAdmin : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>A broker that has just started may not know all of its topics.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly KafkaSettings _settings;
    private readonly TopicNames _names;
    private readonly BrokerTrouble _heard = new();
    private readonly IAdminClient _admin;

    /// <exception cref="PipelineFailure">librdkafka is missing or refuses a property.</exception>
    public TopicAdmin(KafkaSettings settings, string pipeline)
    {
        (_settings, _names) = (settings, new TopicNames(settings));
        try
        {
            _admin = new AdminClientBuilder(KafkaClients.Admin(settings, pipeline)).SetErrorHandler((_, error) => _heard.Hear(error)).SetLogHandler(static (_, _) => { }).Build();
        }
        catch (Exception e)
        {
            throw KafkaFailures.Classify(e, settings.BootstrapServers);
        }
    }

    /// <summary>The topics of these tables, of the cuts and, if wanted, of dead letters: those that are missing are made, the others checked.</summary>
    /// <exception cref="PipelineFailure">Names that collide, or everything that is wrong with topics that are there, in one message.</exception>
    public async Task<TopicReport> EnsureAsync(IReadOnlyCollection<TableName> tables, CancellationToken cancel)
    {
        var names = _names.Of(tables);
        List<TopicShape> shapes = [.. names.Values.Select(name => TopicShape.Table(name, _settings)), TopicShape.Cuts(_names.Cuts, _settings)];
        if (_settings.DeadLetterTopic) shapes.Add(TopicShape.Dead(_names.Dead, _settings));
        return await EnsureAsync(names, shapes, cancel);
    }

    /// <summary>The topic of dead letters alone.</summary>
    /// <exception cref="PipelineFailure">What is wrong with it.</exception>
    public Task EnsureDeadLettersAsync(CancellationToken cancel) => EnsureAsync(new Dictionary<TableName, string>(), [TopicShape.Dead(_names.Dead, _settings)], cancel);

    private async Task<TopicReport> EnsureAsync(IReadOnlyDictionary<TableName, string> names, List<TopicShape> shapes, CancellationToken cancel)
    {
        try
        {
            var there = await TopicsAsync(cancel);
            var missing = shapes.Where(s => !there.ContainsKey(s.Name)).ToList();
            if (missing.Count > 0)
            {
                await CreateAsync(missing);
                there = await WaitForAsync(missing, cancel);
            }
            // made ones too: another node may have been faster, with another manifest
            var configs = await ConfigsAsync(shapes);
            var problems = shapes.SelectMany(s => s.Problems(there[s.Name], configs[s.Name])).ToList();
            if (problems.Count > 0) throw new PipelineFailure(FailureClass.Fatal, $"Kafka {_settings.BootstrapServers}:\n{string.Join('\n', problems)}") { ExitCode = ExitCode.BrokerUnfit };
            return new TopicReport(names, shapes.ToDictionary(s => s.Name, s => there[s.Name]), [.. missing.Select(s => s.Name)],
                [.. shapes.SelectMany(s => s.Remarks(there[s.Name], configs[s.Name]))]);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw KafkaFailures.Classify(e, _settings.BootstrapServers, _heard);
        }
    }

    /// <summary>Topics that others write: partitions by name, of those that are there.</summary>
    /// <exception cref="PipelineFailure">The broker does not answer within the connect timeout.</exception>
    public async Task<IReadOnlyDictionary<string, int>> PartitionsAsync(IReadOnlyCollection<string> topics, CancellationToken cancel)
    {
        try
        {
            var there = await TopicsAsync(cancel);
            return topics.Distinct().Where(there.ContainsKey).ToDictionary(t => t, t => there[t]);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw KafkaFailures.Classify(e, _settings.BootstrapServers, _heard);
        }
    }

    /// <returns>Which of the topics are not there.</returns>
    /// <exception cref="PipelineFailure">The broker does not answer within the connect timeout.</exception>
    public async Task<IReadOnlyList<string>> MissingAsync(IEnumerable<string> topics, CancellationToken cancel)
    {
        try
        {
            var there = await TopicsAsync(cancel);
            return [.. topics.Where(t => !there.ContainsKey(t))];
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw KafkaFailures.Classify(e, _settings.BootstrapServers, _heard);
        }
    }

    /// <summary>Deletes every topic of the prefix: for a prefix that nobody else has.</summary>
    /// <exception cref="PipelineFailure">The broker does not answer within the connect timeout, or refuses.</exception>
    public async Task DeleteAllAsync(CancellationToken cancel)
    {
        try
        {
            var ours = (await TopicsAsync(cancel)).Keys.Where(t => t.StartsWith($"{_settings.Prefix}.", StringComparison.Ordinal)).ToList();
            if (ours.Count > 0) await _admin.DeleteTopicsAsync(ours, new DeleteTopicsOptions { RequestTimeout = _settings.Timeout(), OperationTimeout = _settings.Timeout() });
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            throw KafkaFailures.Classify(e, _settings.BootstrapServers, _heard);
        }
    }

    /// <returns>Which of the topics are not there, and still not when asked for again.</returns>
    /// <exception cref="PipelineFailure">The broker does not answer within the connect timeout.</exception>
    public async Task<IReadOnlyList<string>> GoneAsync(IEnumerable<string> topics, CancellationToken cancel)
    {
        var missing = await MissingAsync(topics, cancel);
        if (missing.Count == 0) return missing;
        await Task.Delay(LookAgainAfter, cancel);
        return await MissingAsync(missing, cancel);
    }

    /// <summary>A broker that starts or stops says of topics that they are not there: whether one is gone, as a failure says, it is asked again.</summary>
    /// <returns>The failure; as one that goes away by itself where all topics are there.</returns>
    /// <exception cref="PipelineFailure">The broker does not answer within the connect timeout.</exception>
    public async Task<PipelineFailure> ConfirmedAsync(PipelineFailure failure, IEnumerable<string> topics, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (!KafkaFailures.IsMissing(failure) || (await GoneAsync(topics, cancel)).Count > 0) return failure;
        return new PipelineFailure(FailureClass.Transient, failure.Message, failure.InnerException) { ExitCode = ExitCode.BrokerUnavailable };
    }

    public void Dispose() => _admin.Dispose();

    private Task<Dictionary<string, int>> TopicsAsync(CancellationToken cancel) => Task.Run(() =>
    {
        var topics = KafkaConnection.Ask(_admin, _settings, _heard, cancel).Topics;
        return topics.Where(t => t.Error.Code != ErrorCode.UnknownTopicOrPart).ToDictionary(t => t.Topic, t => t.Partitions.Count);
    }, cancel);

    private async Task CreateAsync(IEnumerable<TopicShape> missing)
    {
        try
        {
            await _admin.CreateTopicsAsync(missing.Select(s => s.ToSpecification()), new CreateTopicsOptions { RequestTimeout = _settings.Timeout(), OperationTimeout = _settings.Timeout() });
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // another node was faster
        }
    }

    /// <summary>A topic that was made is known to all brokers, with leaders, a moment later.</summary>
    private async Task<Dictionary<string, int>> WaitForAsync(IReadOnlyCollection<TopicShape> made, CancellationToken cancel)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(LookEvery, cancel))
        {
            var metadata = await Task.Run(() => _admin.GetMetadata(_settings.Timeout()), cancel);
            var ready = metadata.Topics.Where(t => t.Partitions.Count > 0 && t.Partitions.TrueForAll(p => p.Leader >= 0)).Select(t => t.Topic).ToHashSet();
            if (made.All(s => ready.Contains(s.Name))) return metadata.Topics.ToDictionary(t => t.Topic, t => t.Partitions.Count);
            if (Stopwatch.GetElapsedTime(start) > _settings.Timeout()) throw new TimeoutException($"topics were made but have no leaders after {_settings.ConnectTimeoutMs} ms");
        }
    }

    private async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> ConfigsAsync(IEnumerable<TopicShape> shapes)
    {
        var resources = shapes.Select(s => new ConfigResource { Name = s.Name, Type = ResourceType.Topic });
        var described = await _admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = _settings.Timeout() });
        return described.ToDictionary(d => d.ConfigResource.Name, IReadOnlyDictionary<string, string> (d) => d.Entries.ToDictionary(e => e.Key, e => e.Value.Value ?? ""));
    }
}

/// <summary>The topics as they are now.</summary>
/// <param name="OfTables">Each table's topic.</param>
/// <param name="Partitions">By topic, the cuts' and the dead letters' too.</param>
/// <param name="Made">Topics that were missing.</param>
/// <param name="Warnings">What is not as the manifest says and stays so.</param>
public sealed record TopicReport(
    IReadOnlyDictionary<TableName, string> OfTables, IReadOnlyDictionary<string, int> Partitions, IReadOnlyList<string> Made, IReadOnlyList<string> Warnings);
