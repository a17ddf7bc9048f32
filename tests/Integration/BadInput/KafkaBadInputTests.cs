using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolyglotSync.Contracts;
using PolyglotSync.Integration.Servers;
using PolyglotSync.Integration.Worlds;
using PolyglotSync.Testing.Node;
using PolyglotSync.Testing.Oracle;

namespace PolyglotSync.Integration.BadInput;

/// <summary>Messages that nobody can read, between those that are right: each is kept with its reason and its place, and everything else arrives.</summary>
[Collection(Lane.Falkor)]
[Trait("Category", "Integration")]
public sealed class KafkaBadInputTests(RealServers servers)
{
    [SkippableFact]
    public async Task What_others_write_into_our_topics_and_a_poison_row_among_five_thousand_are_dead_letters_and_all_else_arrives()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.ThroughKafkaAsync(more: "partitions: 1");
        world.Manifest += "\ntables: { prices: { properties: { cents: { as: integer } } } }";
        await world.SqlAsync("create table prices (id int primary key, cents numeric, note text)");
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into prices values (1, 1, 'first')");
        await world.CaughtUpAsync();

        using var others = new BrokerClient(world.Broker!);
        var topic = world.Topic("prices");
        var envelope = """{"before":null,"after":{"id":1,"cents":"7","note":"not ours"},"source":{"version":"9.0.0","connector":"postgresql","schema":"public","table":"prices","lsn":5,"news":{"a":[1]}},"op":"c","ts_ms":1,"more":true}""";
        (string? Key, string Value, string Shown)[] bad =
        [
            ("{\"id\":1}", "{\"op\":", "{\"op\":"),
            (null, "\0\0\0\0\u0001avro", "avro"),
            ("{\"id\":2}", envelope, "9.0.0"),
            ("""{"schema":{"type":"struct"},"payload":{"id":3}}""", $"{{\"schema\":{{\"type\":\"struct\"}},\"payload\":{envelope}}}", "9.0.0"),
            ("{\"id\":4}", envelope.Replace("prices", "elsewhere", StringComparison.Ordinal), "elsewhere"),
        ];
        var offsets = new List<long>();
        foreach (var (key, value, _) in bad) offsets.Add(await others.WriteAsync(topic, key, value));
        await world.SqlAsync("insert into prices select n, case n when 2500 then 0.5 else n end, 'n' || n from generate_series(10, 5009) n");
        await world.CaughtUpAsync();

        var nodes = (await world.ActualAsync()).Nodes.ToDictionary(n => n.Properties["id"], n => n.Properties);
        nodes.Count.ShouldBe(5_000);
        nodes["int 1"]["note"].ShouldBe("text first");
        nodes.ShouldNotContainKey("int 2500");
        var letters = await LettersAsync(world);
        letters.Count.ShouldBe(6);
        letters.Single(l => l.Operation != DeadLetter.Message).Reason.ShouldContain("cents");
        for (var i = 0; i < bad.Length; i++)
        {
            var place = $"{topic} [0], offset {offsets[i]}, {bad[i].Value.Length} bytes: ";
            var letter = letters.Where(l => l.Reason.StartsWith(place, StringComparison.Ordinal)).ShouldHaveSingleItem(place);
            letter.Reason.ShouldContain("none that a capture of ours wrote");
            var (code, shown, error) = await world.CommandAsync("dlq", "show", letter.Id.ToString(CultureInfo.InvariantCulture));
            code.ShouldBe(0, error);
            foreach (var text in (string[])[topic, offsets[i].ToString(CultureInfo.InvariantCulture), bad[i].Shown]) shown.ShouldContain(text);
        }

        // those whose key is a row's are read again as the source has the row; a key that names none is left alone, and the poison is refused again
        var (refused, said, _) = await world.CommandAsync("dlq", "retry", "--all", "--timeout", "30");
        refused.ShouldBe(13, said);
        (await LettersAsync(world)).Select(Key).ShouldBe([$"message={topic} [0], offset {offsets[1]}", "id=2500"], ignoreOrder: true, said);
        await world.SqlAsync("update prices set cents = 1 where id = 2500");
        await world.CaughtUpAsync();
        (await world.ActualAsync()).Nodes.Count.ShouldBe(5_001);
        (await LettersAsync(world)).Count.ShouldBe(1);
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task Messages_of_a_capture_that_were_spoilt_are_kept_with_their_reasons_and_one_of_a_newer_version_is_read()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.ThroughKafkaAsync("separate", "partitions: 1");
        await world.SqlAsync("create table things (id int primary key, count int, note text)");
        var capture = SyncNodeProcess.Capture(new Dictionary<string, string>(), NodeArguments.Of(world));
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into things values (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c')");
        await world.CaughtUpAsync();
        await capture.KillAsync();
        await capture.DisposeAsync();

        using var broker = new BrokerClient(world.Broker!);
        var topic = world.Topic("things");
        var offsets = new List<long>();
        var spoilt = new SpoiltCapture(broker, world.Database, topic);
        offsets.Add(await spoilt.WriteAsync("{\"id\":1}", ("\"count\":30", "\"count\":\"many\"")));
        offsets.Add(await spoilt.WriteAsync("{}", ("\"id\":3,", "")));
        offsets.Add(await spoilt.WriteAsync("{\"id\":2}", ("\"op\":\"c\"", "\"op\":\"z\"")));
        offsets.Add(await spoilt.WriteAsync("{\"id\":4}", ("\"table\":\"things\"", "\"table\":\"nowhere\"")));
        await spoilt.WriteAsync("{\"id\":3}", ("\"note\":\"c\"", "\"note\":\"newer\""), ("\"op\":\"c\"", "\"op\":\"u\",\"novel\":{\"deep\":[1]}"), ("\"schema\":\"public\"", "\"schema\":\"public\",\"shard\":{\"no\":7}"));
        await spoilt.PublishCutAsync();

        await Eventually.AsyncTrue(async () => (await LettersAsync(world)).Count == 4, what: "four letters", otherwise: () => world.Node!.Error);
        await Eventually.AsyncTrue(async () => (await world.ActualAsync()).Nodes.Any(n => n.Properties["note"] == "text newer"), what: "the newer one is read", otherwise: () => world.Node!.Error);
        var letters = (await LettersAsync(world)).OrderBy(l => l.Id).ToList();
        string[] reasons = ["column \"count\" of type integer", "the key column \"id\" is neither in the row nor in the message's key", "the operation 'z' is unknown", "nowhere"];
        for (var i = 0; i < reasons.Length; i++)
        {
            letters[i].Reason.ShouldStartWith($"{topic} [0], offset {offsets[i]}, ");
            letters[i].Reason.ShouldContain(reasons[i]);
        }
        await using var again = SyncNodeProcess.Capture(new Dictionary<string, string>(), NodeArguments.Of(world));
        await world.SqlAsync("update things set note = note || '!'");
        await world.ShouldAgreeAsync();
        // whole rows that came later have brought the graph up to date; of what is no row nothing is known
        (await LettersAsync(world)).Select(l => l.Reason).ShouldAllBe(r => r.Contains("key column") || r.Contains("nowhere"));
    }

    [SkippableFact]
    [Trait("Length", "Long")]
    public async Task A_row_of_20_MB_is_refused_with_what_to_raise_and_then_taken_and_a_foreign_message_of_20_MB_is_a_letter()
    {
        await using var world = await World.NewAsync(servers, GraphKind.Falkor);
        await world.ThroughKafkaAsync(more: "partitions: 1");
        await world.SqlAsync("create table books (id int primary key, content text); insert into books values (1, 'short')");
        await world.StartStreamingAsync();
        await world.SqlAsync("insert into books select 2, string_agg(md5(n::text), '') from generate_series(1, 625000) n; insert into books values (3, 'after')");
        await world.Node!.ExitAsync(Eventually.Patience);
        world.Node.ExitCode.ShouldBe((int)ExitCode.BrokerUnfit, world.Node.Error);
        foreach (var word in (string[])["table public.books", "kafka.max_message_bytes is 16777216", "max.message.bytes of the topic", world.Topic("books")]) world.Node.Error.ShouldContain(word);

        await world.ThroughKafkaAsync(more: ["partitions: 1", "max_message_bytes: 25000000"]);
        await world.Start().ExitAsync(Eventually.Patience);
        world.Node.ExitCode.ShouldBe((int)ExitCode.BrokerUnfit, world.Node.Error);
        world.Node.Error.ShouldContain("--add-config max.message.bytes=25000000");

        using var broker = new BrokerClient(world.Broker!);
        await broker.ConfigureAsync(world.Topic("books"), "max.message.bytes", "25000000");
        await world.StartStreamingAsync();
        await world.ShouldAgreeAsync();
        var offset = await broker.WriteAsync(world.Topic("books"), "{\"id\":3}", new string('x', 20_000_000));
        await world.SqlAsync("update books set content = 'later' where id = 1");
        await world.ShouldAgreeAsync();
        (await LettersAsync(world)).ShouldHaveSingleItem().Reason.ShouldStartWith($"{world.Topic("books")} [0], offset {offset}, 20000000 bytes: ");
    }

    /// <summary>The open ones.</summary>
    private static async Task<IReadOnlyList<DeadLetterView>> LettersAsync(World world)
    {
        var (code, output, error) = await world.CommandAsync("dlq", "list", "-o", "json");
        code.ShouldBe(0, error);
        return JsonSerializer.Deserialize<List<DeadLetterView>>(output, Views)!;
    }

    private static string Key(DeadLetterView letter) => string.Join(", ", letter.Key.EnumerateObject().Select(c => $"{c.Name}={c.Value}"));

    private static readonly JsonSerializerOptions Views = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    /// <summary>Goes on where a capture was killed, in its name: messages made from its last one, and a cut behind them (docs/kafka.md).</summary>
    private sealed class SpoiltCapture(BrokerClient broker, string prefix, string topic)
    {
        private readonly string _template = broker.Read(topic)[^1].Value;
        private long _end;
        private long _written;

        public async Task<long> WriteAsync(string key, params (string Old, string New)[] changes)
        {
            _written++;
            var source = JsonNode.Parse(_template)!["source"]!;
            var value = _template
                .Replace($"\"commit_lsn\":{source["commit_lsn"]}", $"\"commit_lsn\":{(long)source["commit_lsn"]! + 1}", StringComparison.Ordinal)
                .Replace($"\"event_serial_no\":{source["event_serial_no"]}", $"\"event_serial_no\":{_written - 1}", StringComparison.Ordinal)
                .Replace($"\"change_no\":{source["change_no"]}", $"\"change_no\":{(long)source["change_no"]! + _written}", StringComparison.Ordinal);
            foreach (var (old, with) in changes)
            {
                value.ShouldContain(old);
                value = value.Replace(old, with, StringComparison.Ordinal);
            }
            var offset = await broker.WriteAsync(topic, key, value);
            _end = offset + 1;
            return offset;
        }

        public async Task PublishCutAsync()
        {
            var (key, value) = broker.Read($"{prefix}.__cuts").Last(r => r.Key.StartsWith("{\"cut\":", StringComparison.Ordinal));
            var cut = JsonNode.Parse(value)!;
            var commit = Lsn.Parse(((string)cut["position"]!).Split(':')[0]);
            cut["change"] = (long)cut["change"]! + _written;
            cut["position"] = $"{new Lsn(commit.Value + 1)}:end";
            cut["offsets"]![topic] = new JsonArray(_end);
            await broker.WriteAsync($"{prefix}.__cuts", key, cut.ToJsonString());
        }
    }
}
