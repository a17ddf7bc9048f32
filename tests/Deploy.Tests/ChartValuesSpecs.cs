using System.Text.Json.Nodes;
using Json.Schema;
using PolyglotSync.Deploy.Tests.Files;
using PolyglotSync.Deploy.Tests.Tools;
using Shouldly;
using Xunit;

namespace PolyglotSync.Deploy.Tests;

public sealed class ChartValuesSpecs
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(Repository.Read("deploy", "helm", "polysync", "values.schema.json"));

    private readonly JsonObject _values = Yaml.File("deploy", "helm", "polysync", "values.yaml");

    public static IEnumerable<object[]> Examples => Chart.Examples.Select(name => new object[] { name });

    [Fact]
    public void The_charts_own_values_fit_their_schema() => Schemas.Mistakes(Schema, _values).ShouldBeEmpty();

    [Theory, MemberData(nameof(Examples))]
    public void So_do_the_examples(string example) => Schemas.Mistakes(Schema, Chart.Values(example)).ShouldBeEmpty();

    [Theory]
    [InlineData("node: { replica: 2 }")]
    [InlineData("node: { replicas: two }")]
    [InlineData("node: { replicas: -1 }")]
    [InlineData("node: { logLevel: loud }")]
    [InlineData("node: { role: master }")]
    [InlineData("node: { resources: { limits: { memory: much } } }")]
    [InlineData("manifests: { files: { shop: 'pipeline: shop' } }")]
    [InlineData("manifests: { files: { ../shop.yaml: 'pipeline: shop' } }")]
    [InlineData("manifests: { existingConfigMap: pipelines }")]
    [InlineData("secrets: { apiToken: short }")]
    [InlineData("secrets: { password: x }")]
    [InlineData("image: { pullPolicy: Sometimes }")]
    [InlineData("service: { port: 70000 }")]
    [InlineData("podDisruptionBudget: { maxUnavailable: half }")]
    [InlineData("serviceMonitor: { interval: often }")]
    [InlineData("unknown: true")]
    public void What_cannot_be_meant_is_refused(string values) => Schemas.Mistakes(Schema, Yaml.Read(values)).ShouldNotBeEmpty();

    [Theory]
    [InlineData("podDisruptionBudget: { maxUnavailable: 50% }")]
    [InlineData("podDisruptionBudget: { maxUnavailable: 1 }")]
    [InlineData("node: { resources: { limits: { cpu: 2, memory: 1Gi } } }")]
    [InlineData("global: { anything: true }")]
    public void What_Kubernetes_takes_is_taken(string values) => Schemas.Mistakes(Schema, Yaml.Read(values)).ShouldBeEmpty();

    [Fact]
    public void Every_value_is_in_the_schema_by_name_and_on_the_page()
    {
        var schema = JsonNode.Parse(Repository.Read("deploy", "helm", "polysync", "values.schema.json"))!;
        var page = Repository.Read("docs", "containers.md");
        foreach (var (name, value) in _values)
        {
            schema.At($"properties/{name}").ShouldNotBeNull(name);
            page.ShouldContain($"`{name}");
            if (value is not JsonObject group || schema.At($"properties/{name}/properties") is not JsonObject known) continue;
            foreach (var (key, _) in group)
            {
                known.ContainsKey(key).ShouldBeTrue($"{name}.{key} is in no schema");
                page.ShouldContain($"{name}.{key}", Case.Sensitive, $"docs/containers.md does not say {name}.{key}");
            }
            known.Select(p => p.Key).Except(group.Select(p => p.Key)).ShouldBeEmpty($"{name}: in the schema, and not in values.yaml");
        }
    }

    [Fact]
    public void The_charts_version_of_the_program_is_the_programs()
    {
        var chart = Yaml.File("deploy", "helm", "polysync", "Chart.yaml");
        Repository.Read("Directory.Build.props").ShouldContain($"<Version>{chart.Text("appVersion")}</Version>");
        chart.Text("apiVersion").ShouldBe("v2");
    }

    [Fact]
    public void A_pod_may_nothing_by_default()
    {
        _values.Text("podSecurityContext/runAsNonRoot").ShouldBe("true");
        _values.Text("securityContext/readOnlyRootFilesystem").ShouldBe("true");
        _values.Text("securityContext/allowPrivilegeEscalation").ShouldBe("false");
        _values.Texts("securityContext/capabilities/drop").ShouldBe(["ALL"]);
    }
}
