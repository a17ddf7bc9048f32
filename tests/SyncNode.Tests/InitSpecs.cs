using System.Text.Json;
using PolyglotSync.Cli;
using PolyglotSync.Contracts;
using PolyglotSync.Graph.Inference;
using PolyglotSync.Postgres;
using PolyglotSync.SyncNode.Init;
using PolyglotSync.SyncNode.Manifests;
using Shouldly;
using Xunit;
using Tables = PolyglotSync.Graph.Tests.Compliance.Tables;

namespace PolyglotSync.SyncNode.Tests;

public sealed class InitSpecs
{
    [Fact]
    public void What_is_written_passes_the_reader_and_means_the_inferred_mapping()
    {
        var (text, mapping) = Write(Tables.Social(), "postgres://shop:s3cret@db:5433/shop?sslmode=require", "falkor://graph:6379/shop");

        var read = Read(text, ("SHOP_PASSWORD", "other"));

        read.Name.ShouldBe("shop");
        read.Source.Schemas.ShouldBe(["public"]);
        SourceConnection.Describe(read.Source.ConnectionString).ShouldBe("db:5433/shop");
        read.Source.ConnectionString.ShouldContain("Password=other");
        read.Target.Uri.ShouldBe(new Uri("falkor://graph:6379/shop"));
        Json(MappingInference.Infer(Tables.Social(), read.Mapping).Mapping).ShouldBe(Json(mapping));
        text.ShouldContain("# yaml-language-server: $schema=manifest.schema.json\n");
        text.ShouldContain("#   public.posts: (:Post)-[:");
    }

    [Fact]
    public void A_warning_is_a_comment_whatever_is_in_a_name()
    {
        var (text, _) = Write(new Tables().Add("users", ["id int8"], ["id"]).Add("log\npipeline: x", ["at timestamptz"], []).Build(), "postgres://u@db/shop", "bolt://localhost:7687");
        text.ShouldContain("#   public.log pipeline: x");
        Read(text).Name.ShouldBe("shop");
    }

    [Fact]
    public void A_database_without_tables_gives_a_manifest_too()
    {
        var (text, _) = Write(new Tables().Build(), "postgres://u@db/shop", "bolt://localhost:7687");
        Read(text).Mapping.Tables.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("postgres://u:s3cret@db:5432/shop", "postgres://u:${P}@db:5432/shop", "P")]
    [InlineData("postgres://u:s3:c@ret@db/shop", "postgres://u:${P}@db/shop", "P")]
    [InlineData("postgres://u@db/shop", "postgres://u@db/shop")]
    [InlineData("postgres://u:@db/shop", "postgres://u:@db/shop")]
    [InlineData("postgres://db/shop?user=u&password=s3cret&sslmode=require", "postgres://db/shop?user=u&password=${P}&sslmode=require", "P")]
    [InlineData("postgres://u:s3cret@db/shop?sslpassword=s3cret", "postgres://u:${P}@db/shop?sslpassword=${P_SSLPASSWORD}", "P", "P_SSLPASSWORD")]
    [InlineData("postgres://${U}:s3cret@db/shop", "postgres://$${U}:${P}@db/shop", "P")]
    [InlineData("Host=db;Username=u;Password=s3cret;Database=shop", "Host=db;Username=u;Password=${P};Database=shop", "P")]
    [InlineData("host=db dbname=shop user=u password='s3cret'", "Host=db;Database=shop;Username=u;Password=${P}", "P")]
    [InlineData("Host=db;Username=u;Database=shop", "Host=db;Username=u;Database=shop")]
    public void A_password_becomes_a_placeholder(string dsn, string text, params string[] variables)
    {
        var written = AddressText.OfSource(dsn, "P");
        written.Text.ShouldBe(text);
        written.Variables.ShouldBe(variables);
    }

    [Theory]
    [InlineData("shop", "shop", "SHOP")]
    [InlineData("my shop.eu", "my-shop-eu", "MY_SHOP_EU")]
    [InlineData("_x", "x", "X")]
    [InlineData("магазин", "default", "DEFAULT")]
    [InlineData("2026", "2026", "_2026")]
    public void The_pipeline_is_named_after_the_database(string database, string name, string variable)
    {
        InitCommand.NameOf(database).ShouldBe(name);
        InitCommand.VariableOf(name).ShouldBe(variable);
    }

    [Fact]
    public async Task A_file_that_is_there_is_left_alone()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("polysync-").FullName, "shop.yaml");
        await File.WriteAllTextAsync(file, "mine");
        var error = new StringWriter();
        var code = (ExitCode)await PolysyncCommand.RunAsync(NodeCommands.CreateRoot(), ["init", "--source", "postgres://u@127.0.0.1:1/shop", "-f", file], TextWriter.Null, error, CancellationToken.None);
        code.ShouldBe(ExitCode.Usage);
        error.ToString().ShouldContain("--force");
        (await File.ReadAllTextAsync(file)).ShouldBe("mine");
    }

    private static (string Text, GraphMapping Mapping) Write(DatabaseSchema schema, string source, string target)
    {
        var (mapping, warnings) = MappingInference.Infer(schema, new MappingSettings());
        var text = InitText.Write(new InitContent("shop", "db:5432/shop", AddressText.OfSource(source, "SHOP_PASSWORD"), AddressText.OfUri(target, "SHOP_TARGET_PASSWORD"), ["public"],
            Consistency.Transactional, mapping, schema, [.. warnings.Select(w => w.ToString())], "manifest.schema.json"));
        text.ShouldNotContain("s3cret");
        return (text, mapping);
    }

    private static PipelineSettings Read(string text, params (string Name, string Value)[] environment) =>
        new ManifestReader(name => environment.FirstOrDefault(e => e.Name == name).Value, SourceConnection.Parse).Read(text, "shop.yaml", Path.GetTempPath());

    private static string Json(GraphMapping mapping) => JsonSerializer.Serialize(mapping.Tables.Select(t => (object)t));
}
