namespace StandIns.Tests.Sharding;

/// <summary>A message with its entity's id, as extractors know it. Akka's own ShardingEnvelope is opened without one, and naming it in an extractor is an error (AK2001).</summary>
internal sealed record Parcel(string Id, object Content);
