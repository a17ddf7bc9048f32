using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;

namespace PolyglotSync.SyncNode.Tests;

public sealed class ManifestSpecs
{
    private const string Smallest = """
        pipeline: social
        source:
          dsn: postgres://localhost/social
        target:
          uri: bolt://localhost:7687
        """;

    private readonly Dictionary<string, string> _environment = [];

    private PipelineSettings Read(string yaml) => new ManifestReader(_environment.GetValueOrDefault, dsn => dsn).Read(yaml, "social.yaml", Path.GetTempPath());

    private string[] Mistakes(string yaml)
    {
        var failure = Should.Throw<PipelineFailure>(() => Read(yaml));
        failure.ExitCode.ShouldBe(ExitCode.InvalidManifest);
        return failure.Message.Split('\n')[1..];
    }

    [Fact]
    public void The_smallest_manifest_has_every_default()
    {
        var read = Read(Smallest);
        read.Name.ShouldBe("social");
        read.Source.ConnectionString.ShouldBe("postgres://localhost/social");
        read.Source.Schemas.ShouldBe(["public"]);
        read.Target.Uri.ShouldBe(new Uri("bolt://localhost:7687"));
        read.Consistency.ShouldBe(Consistency.Transactional);
        read.Limits.ShouldBe(new LimitSettings());
        read.OnPoison.ShouldBe(PoisonPolicy.DeadLetter);
        read.Mapping.Tables.ShouldBeEmpty();
    }

    [Fact]
    public void A_kafka_section_has_its_defaults_and_takes_secrets_from_outside()
    {
        Read(Smallest).Kafka.ShouldBeNull();
        _environment["KAFKA_PASSWORD"] = "secret";
        var kafka = Read(Smallest + """

            kafka:
              bootstrap_servers: [a:9092, "b:9093,[::1]:9094"]
              retention_ms: -1
              cleanup_policy: compact
              dead_letter_topic: true
              properties:
                security.protocol: sasl_ssl
                sasl.password: ${KAFKA_PASSWORD}
            """).Kafka!;
        kafka.BootstrapServers.ShouldBe("a:9092,b:9093,[::1]:9094");
        kafka.Prefix.ShouldBe("social");
        kafka.Partitions.ShouldBe(4);
        kafka.Capture.ShouldBe(CaptureMode.Embedded);
        kafka.ReplicationFactor.ShouldBe((short)-1);
        kafka.RetentionMs.ShouldBe(-1);
        kafka.CleanupPolicy.ShouldBe(CleanupPolicy.Compact);
        kafka.DeadLetterTopic.ShouldBeTrue();
        kafka.Properties["sasl.password"].ShouldBe("secret");
        kafka.ToString().ShouldNotContain("secret");
        Read(Smallest + "\nkafka: { bootstrap_servers: 'a:1' }").Kafka!.RetentionMs.ShouldBeNull();
    }

    [Fact]
    public void All_mistakes_of_a_kafka_section_are_said_at_once() => Mistakes(Smallest + """

        kafka:
          bootstrap_servers: localhost
          prefix: "a b"
          partitions: 0
          cleanup_policy: keep
          partitons: 3
          properties:
            acks: "1"
            group.id: mine
        """).ShouldBe([
        "social.yaml:7:22: 'localhost' is not a broker's address; such as localhost:9092, or a list of several",
        "social.yaml:8:11: 'a b' cannot begin a topic's name; it takes 1 to 100 letters, digits, '.', '_' and '-'",
        "social.yaml:9:15: 'partitions' is 0, out of range; it takes 1 to 10000",
        "social.yaml:10:19: 'cleanup_policy' is 'keep'; known here: compact, compact_and_delete, delete",
        "social.yaml:11:3: unknown key 'partitons' in 'kafka'; did you mean 'partitions'?",
        "social.yaml:13:5: 'acks' cannot be set in 'kafka.properties'; every message is acknowledged by all replicas",
        "social.yaml:14:5: 'group.id' cannot be set in 'kafka.properties'; write kafka.group_id",
    ]);

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var read = Read("""
            pipeline: shop-2
            consistency: parallel
            on_poison: halt
            source: { dsn: "postgres://db/shop", schemas: [public, sales], slot: s1, publication: p1, heartbeat_interval_ms: 5_000, copy_chunk_rows: 500 }
            target: { uri: falkor://graph:6379/shop, user: u, password: p, write_timeout_ms: 1000 }
            limits: { buckets: 32, writers: 8, batch_rows: 1000, max_in_flight_bytes: 1048576 }
            include_tables: [users, sales.orders]
            exclude_tables: audit
            tables:
              public.users:
                label: Person
                key: [id]
                columns: { exclude: [password_hash] }
                properties:
                  full_name: name
                  balance: { name: balance, as: float }
                relationships:
                  invited_by: INVITED_BY
                  users_country_fkey: null
              follows: { as: relationship, type: FOLLOWS }
            """);
        read.Consistency.ShouldBe(Consistency.Parallel);
        read.OnPoison.ShouldBe(PoisonPolicy.Halt);
        read.Source.Schemas.ShouldBe(["public", "sales"]);
        read.Source.HeartbeatIntervalMs.ShouldBe(5000);
        read.Target.Password.ShouldBe("p");
        read.Limits.Writers.ShouldBe(8);
        read.Mapping.Include.ShouldBe([new TableName("public", "users"), new TableName("sales", "orders")]);
        read.Mapping.Exclude.ShouldBe([new TableName("public", "audit")]);
        var users = read.Mapping.Tables[0];
        users.Label.ShouldBe("Person");
        users.ExcludeColumns.ShouldBe(["password_hash"]);
        users.Properties.ShouldBe([new PropertyMapping("full_name", "name"), new PropertyMapping("balance", "balance", PropertyEncoding.Float)]);
        users.Relationships["invited_by"].ShouldBe("INVITED_BY");
        users.Relationships["users_country_fkey"].ShouldBeNull();
        users.Where.ShouldBe("social.yaml:10");
        read.Mapping.Tables[1].As.ShouldBe("relationship");
    }

    [Fact]
    public void Every_mistake_is_said_at_once_with_its_place_and_a_hint()
    {
        Mistakes("""
            pipeline: no good
            sorce: {}
            source:
              dsn: x
              heartbeat_interval_ms: soon
              copy_chunk_rows: 0
              dsn: y
            target:
              url: bolt://localhost
            consistency: strong
            tables:
              public.users:
                lable: User
                as: nod
                properties: [name]
            """).ShouldBe([
            "social.yaml:1:11: 'no good' cannot name a pipeline; use 1 to 40 letters, digits, '-' and '_', a letter or digit first",
            "social.yaml:2:1: unknown key 'sorce'; did you mean 'source'?",
            "social.yaml:5:26: 'heartbeat_interval_ms' is 'soon'; it takes a whole number, 100 to 3600000",
            "social.yaml:6:20: 'copy_chunk_rows' is 0, out of range; it takes 1 to 1000000",
            "social.yaml:7:3: duplicate key 'dsn'; it stands in line 4 already",
            "social.yaml:9:3: 'uri' is missing in 'target'; such as bolt://localhost:7687 or falkor://localhost:6379/social",
            "social.yaml:9:3: unknown key 'url' in 'target'; did you mean 'uri'?",
            "social.yaml:10:14: 'consistency' is 'strong'; known here: parallel, transactional",
            "social.yaml:13:5: unknown key 'lable' in 'tables.public.users'; did you mean 'label'?",
            "social.yaml:14:9: 'as' is 'nod'; did you mean 'node'?",
            "social.yaml:15:17: 'properties' is a list; it takes a mapping (indented keys)",
        ]);
    }

    [Theory]
    [InlineData("pipeline: social\nsource: {dsn: x\ntarget: y\n", 2)]
    [InlineData("pipeline: \"social\nsource: x\n", 1)]
    [InlineData("pipeline: social\n  source: x\n", 2)]
    [InlineData("pipeline: *nothing\n", 1)]
    public void Broken_yaml_is_said_with_its_line(string yaml, int line)
    {
        var mistake = Mistakes(yaml).ShouldHaveSingleItem();
        mistake.ShouldStartWith($"social.yaml:{line}:");
        mistake.ShouldContain("this is not YAML");
    }

    [Theory]
    [InlineData("", "the manifest is empty")]
    [InlineData("# nothing\n", "the manifest is empty")]
    [InlineData("- a\n- b\n", "the manifest is a list")]
    [InlineData("just words", "the manifest is 'just words'")]
    public void What_is_no_manifest_at_all_is_said(string yaml, string message) => Mistakes(yaml).ShouldHaveSingleItem().ShouldContain(message);

    [Fact]
    public void What_is_missing_is_named()
    {
        Mistakes("consistency: parallel").ShouldBe([
            "social.yaml:1:1: 'pipeline' is missing; name it: pipeline: social",
            "social.yaml:1:1: 'source' is missing; say where the changes come from: source: { dsn: postgres://… }",
            "social.yaml:1:1: 'target' is missing; say where the graph is: target: { uri: bolt://… }",
        ], ignoreOrder: true);
    }

    [Fact]
    public void A_section_that_is_not_one_is_said_once()
    {
        Mistakes(Smallest.Replace("source:\n  dsn: postgres://localhost/social", "source: postgres://localhost/social"))
            .ShouldBe(["social.yaml:2:9: 'source' is 'postgres://localhost/social'; it takes a mapping (indented keys)"]);
    }

    [Fact]
    public void Environment_and_files_are_put_in()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "s3cret\n");
        try
        {
            _environment["DB_HOST"] = "db7";
            var read = Read($$"""
                pipeline: social
                source: { dsn: "postgres://${DB_HOST}:${DB_PORT:-5433}/social" }
                target: { uri: bolt://localhost, password: "${file:{{Path.GetFileName(file)}}}", user: "a$${b}" }
                """);
            read.Source.ConnectionString.ShouldBe("postgres://db7:5433/social");
            read.Target.Password.ShouldBe("s3cret");
            read.Target.User.ShouldBe("a${b}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_cannot_be_put_in_is_a_mistake()
    {
        var mistakes = Mistakes("""
            pipeline: social
            source: { dsn: "${NOT_SET}" }
            target: { uri: bolt://localhost, password: "${file:/does/not/exist}" }
            """);
        mistakes.Length.ShouldBe(2);
        mistakes[0].ShouldBe("social.yaml:2:16: the environment variable NOT_SET is not set; set it, or give a default: ${NOT_SET:-…}");
        mistakes[1].ShouldContain("social.yaml:3:44: the file /does/not/exist cannot be read");
    }

    [Fact]
    public void A_table_may_not_be_described_and_left_out()
    {
        Mistakes(Smallest + "\nexclude_tables: [public.users]\ntables:\n  users: { label: User }")
            .ShouldBe(["social.yaml:8:3: table 'public.users' is described here and left out by 'exclude_tables'; drop one of the two"]);
    }

    [Fact]
    public void The_examples_are_without_mistakes()
    {
        _environment["SHOP_PASSWORD"] = "x";
        var files = Directory.GetFiles(Examples(), "*.yaml");
        files.ShouldNotBeEmpty();
        foreach (var file in files) new ManifestReader(_environment.GetValueOrDefault, dsn => dsn).ReadFile(file).Name.ShouldBe(Path.GetFileNameWithoutExtension(file));
    }

    [Fact]
    public void The_example_that_shows_everything_shows_the_broker_s_defaults_too()
    {
        (_environment["SHOP_PASSWORD"], _environment["KAFKA_PASSWORD"]) = ("x", "y");
        var lines = File.ReadAllLines(Path.Combine(Examples(), "shop.yaml"));
        var read = Read(string.Join('\n', lines.SkipWhile(l => !l.StartsWith("pipeline:", StringComparison.Ordinal)).Select(l => l.StartsWith("# ", StringComparison.Ordinal) ? l[2..] : l)));
        var said = read.Kafka.ShouldNotBeNull();
        var defaults = new KafkaSettings { BootstrapServers = "localhost:9092", Prefix = "shop" };
        said.ShouldBe(defaults with { ReplicationFactor = 3, RetentionMs = 604_800_000, GroupId = "polysync_shop", ClientId = "polysync_shop", Properties = said.Properties });
        said.Properties.Keys.ShouldBe(["security.protocol", "ssl.ca.location", "sasl.mechanism", "sasl.username", "sasl.password"], ignoreOrder: true);
        read.Limits.ShouldBe(new LimitSettings());
    }

    [Theory]
    [InlineData("transactional", "separate", KafkaSharing.Cuts)]
    [InlineData("parallel", "embedded", KafkaSharing.Cuts)]
    [InlineData("parallel", "separate", KafkaSharing.Partitions)]
    public void Nodes_that_write_in_parallel_and_do_not_capture_themselves_share_partitions_unless_told_otherwise(string consistency, string capture, KafkaSharing expected)
    {
        var yaml = $"{Smallest}\nconsistency: {consistency}\nkafka: {{ bootstrap_servers: localhost:9092, capture: {capture}";
        Read(yaml + " }").Kafka!.Share.ShouldBe(expected);
        Read(yaml + ", share: cuts }").Kafka!.Share.ShouldBe(KafkaSharing.Cuts);
        if (consistency == "parallel") Read(yaml + ", share: partitions }").Kafka!.Share.ShouldBe(KafkaSharing.Partitions);
        else Mistakes(yaml + ", share: partitions }").ShouldHaveSingleItem().ShouldEndWith("nodes that share partitions write rows in order key by key, not whole transactions; write consistency: parallel, or kafka.share: cuts");
    }

    private static string Examples()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "PolyglotSync.sln"))) folder = folder.Parent;
        return Path.Combine(folder.FullName, "pipelines");
    }
}
