using System.Xml.Linq;
using PolyglotSync.Deploy.Tests.Files;
using PolyglotSync.Deploy.Tests.Tools;
using Shouldly;
using Xunit;

namespace PolyglotSync.Deploy.Tests;

public sealed class DockerfileSpecs
{
    private readonly Dockerfile _file = Dockerfile.Read();

    [SkippableFact]
    public void A_linter_finds_nothing() => Tool.Node("dockerfile.mjs", Repository.Read("Dockerfile"), "dockerfile-utils").ShouldBeEmpty();

    [Fact]
    public void No_stand_in_gets_into_an_image()
    {
        var publish = _file.Instructions.Single(i => i.Name == "RUN").Text;
        publish.ShouldContain("-p:StandIns=false");
        publish.ShouldContain("-p:PublishReadyToRun=true");
        _file.Copied.ShouldNotContain(path => path.StartsWith("standins", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_shipped_is_chiseled_and_not_root()
    {
        _file.Shipped[0].Text.ShouldMatch(@"^mcr\.microsoft\.com/dotnet/aspnet:10\.0-\w+-chiseled\b");
        _file.Shipped.Single(i => i.Name == "USER").Text.ShouldBe("$APP_UID");
        _file.Shipped.ShouldNotContain(i => i.Name == "RUN", "there is no shell to run it");
    }

    [Fact]
    public void Without_a_shell_every_command_is_a_list()
    {
        foreach (var (name, text) in _file.Shipped.Where(i => i.Name is "ENTRYPOINT" or "CMD")) text.ShouldStartWith("[", customMessage: name);
        _file.Shipped.Single(i => i.Name == "HEALTHCHECK").Text.ShouldContain("CMD [\"/app/polysync\", \"health\"]");
    }

    [Fact]
    public void Memory_and_the_API_are_set_for_a_container()
    {
        _file.Environment["MALLOC_ARENA_MAX"].ShouldBe("2");
        _file.Environment["POLYSYNC_API"].ShouldBe("http://0.0.0.0:7710");
        // else the node refuses to listen in the clear where others reach it
        _file.Environment["POLYSYNC_API_INSECURE"].ShouldBe("true");
        _file.Shipped.ShouldContain(("EXPOSE", "7710"));
    }

    [Fact]
    public void All_that_the_node_is_built_of_is_copied()
    {
        var copied = _file.Copied.ToList();
        foreach (var path in copied) Path.Exists(Repository.Path(path)).ShouldBeTrue($"COPY {path}");
        foreach (var needed in Needs(Repository.Path("src", "SyncNode", "SyncNode.csproj")).Distinct())
        {
            copied.ShouldContain(path => needed == path || needed.StartsWith(path + "/", StringComparison.Ordinal), needed);
        }
        copied.ShouldContain("global.json");
        foreach (var shared in Directory.GetFiles(Repository.Root, "Directory.*")) copied.ShouldContain(Path.GetFileName(shared));
    }

    [Fact]
    public void The_builder_is_sent_what_is_copied_and_nothing_else()
    {
        var rules = Repository.Read(".dockerignore").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        rules[0].ShouldBe("*");
        rules.Where(rule => rule[0] == '!').Select(rule => rule[1..]).Order().ShouldBe(_file.Copied.Order());
        rules.ShouldContain("**/bin");
        rules.ShouldContain("**/obj");
    }

    /// <summary>A project's file, those of the projects it refers to, and other files that it includes, from the repository's root.</summary>
    private static IEnumerable<string> Needs(string project)
    {
        yield return Path.GetRelativePath(Repository.Root, project);
        var items = XDocument.Load(project).Descendants().Where(e => e.Attribute("Include") is not null).ToList();
        foreach (var item in items.Where(e => e.Name.LocalName is "Content" or "None" or "EmbeddedResource"))
        {
            yield return Path.GetRelativePath(Repository.Root, Path.GetFullPath(item.Attribute("Include")!.Value, Path.GetDirectoryName(project)!));
        }
        foreach (var reference in items.Where(e => e.Name.LocalName == "ProjectReference"))
        {
            var path = Path.GetFullPath(reference.Attribute("Include")!.Value.Replace('\\', '/'), Path.GetDirectoryName(project)!);
            foreach (var needed in Needs(path)) yield return needed;
        }
    }
}
