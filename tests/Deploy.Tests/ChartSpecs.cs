using System.Text;
using System.Text.Json.Nodes;
using k8s;
using PolyglotSync.Deploy.Tests.Files;
using PolyglotSync.Deploy.Tests.Tools;
using Shouldly;
using Xunit;

namespace PolyglotSync.Deploy.Tests;

/// <summary>The chart as it is rendered with each of the values in its folder ci.</summary>
public sealed class ChartSpecs
{
    public static IEnumerable<object[]> Examples => ChartValuesSpecs.Examples;

    private static IEnumerable<(string Name, JsonNode Pod)> Pods(IEnumerable<JsonObject> objects) => objects
        .Select(o => (o.Name(), o.Text("kind") == "Pod" ? o : o.At("spec/template"))).Where(p => p.Item2.At("spec/containers") is not null).Select(p => (p.Item1, p.Item2!));

    private static bool Selects(IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(p => labels.TryGetValue(p.Key, out var value) && value == p.Value);

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Kubernetes_client_reads_every_object_and_knows_every_field(string example)
    {
        foreach (var text in Chart.Try(example).Output.Split("\n---\n").Where(t => t.Contains("kind:", StringComparison.Ordinal) && !t.Contains("monitoring.coreos.com", StringComparison.Ordinal)))
        {
            KubernetesYaml.LoadAllFromString(text, typeMap: null, strict: true).ShouldNotBeEmpty();
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Kubernetes_schemas_refuse_nothing(string example) =>
        Tool.Node("kubernetes.mjs", new JsonArray([.. Chart.Render(example)]).ToJsonString(), "kubernetes-models", "@kubernetes-models/prometheus-operator").ShouldBeEmpty();

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Yamllint_finds_no_mistake(string example)
    {
        var yamllint = Tool.Require("yamllint", "Debian's yamllint");
        var (code, output, error) = Tool.Run(yamllint, ["-d", "{extends: relaxed, rules: {line-length: disable, indentation: disable}}", "-"], Chart.Try(example).Output);
        code.ShouldBe(0, output + error);
        output.ShouldBeEmpty();
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Every_container_is_not_root_on_a_read_only_disk_without_capabilities(string example)
    {
        foreach (var (name, pod) in Pods(Chart.Render(example)))
        {
            pod.Text("spec/securityContext/runAsNonRoot").ShouldBe("true", name);
            pod.Text("spec/securityContext/seccompProfile/type").ShouldBe("RuntimeDefault", name);
            pod.Text("spec/automountServiceAccountToken").ShouldBe("false", name);
            foreach (var container in pod.Each("spec/containers"))
            {
                container.Text("securityContext/readOnlyRootFilesystem").ShouldBe("true", name);
                container.Text("securityContext/allowPrivilegeEscalation").ShouldBe("false", name);
                container.Texts("securityContext/capabilities/drop").ShouldBe(["ALL"], name);
                container.At("resources/requests/memory").ShouldNotBeNull(name);
                container.At("resources/limits/memory").ShouldNotBeNull(name);
            }
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void What_runs_is_probed_at_the_paths_that_the_API_has(string example)
    {
        foreach (var o in Chart.Render(example).Where(o => o.Text("kind") is "StatefulSet" or "Deployment"))
        {
            var container = o.Each("spec/template/spec/containers").Single();
            container.Text("livenessProbe/httpGet/path").ShouldBe("/health/live", o.Name());
            container.Text("startupProbe/httpGet/path").ShouldBe("/health/live", o.Name());
            container.Text("readinessProbe/httpGet/path").ShouldBe("/health/ready", o.Name());
            container.Text("ports/0/name").ShouldBe("http");
            container.Each("env").Single(e => e.Text("name") == "POLYSYNC_API_INSECURE").Text("value").ShouldBe("true");
            container.Each("env").Single(e => e.Text("name") == "POLYSYNC_API").Text("value").ShouldEndWith($":{container.Text("ports/0/containerPort")}");
            container.Each("env").Single(e => e.Text("name") == "MALLOC_ARENA_MAX").Text("value").ShouldBe("2");
            o.At("spec/template/spec/terminationGracePeriodSeconds")!.GetValue<long>().ShouldBeGreaterThan(45, "a node's stop takes as long");
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Selectors_select(string example)
    {
        var objects = Chart.Render(example);
        var pods = Pods(objects).Where(p => !p.Name.EndsWith("-test", StringComparison.Ordinal)).Select(p => p.Pod.Map("metadata/labels")).ToList();
        foreach (var o in objects)
        {
            switch (o.Text("kind"))
            {
                case "Service":
                    pods.Count(labels => Selects(o.Map("spec/selector"), labels)).ShouldBe(1, o.Name());
                    break;
                case "StatefulSet" or "Deployment":
                    Selects(o.Map("spec/selector/matchLabels"), o.Map("spec/template/metadata/labels")).ShouldBeTrue(o.Name());
                    break;
                case "PodDisruptionBudget":
                    pods.Count(labels => Selects(o.Map("spec/selector/matchLabels"), labels)).ShouldBe(1, o.Name());
                    break;
                case "NetworkPolicy":
                    pods.ShouldAllBe(labels => Selects(o.Map("spec/podSelector/matchLabels"), labels));
                    break;
                case "ServiceMonitor":
                    objects.Where(s => s.Text("kind") == "Service" && Selects(o.Map("spec/selector/matchLabels"), s.Map("metadata/labels")))
                        .ShouldAllBe(s => s.Text("spec/clusterIP") == "None", "each pod is asked once");
                    o.Text("spec/endpoints/0/path").ShouldBe("/metrics");
                    break;
            }
        }
        objects.Kind("StatefulSet").Text("spec/serviceName").ShouldBeOneOf([.. objects.Where(o => o.Text("kind") == "Service").Select(o => o.Name())]);
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Whatever_is_mounted_is_a_volume_and_whatever_is_a_volume_is_made_or_given(string example)
    {
        var objects = Chart.Render(example);
        var values = Chart.Values(example);
        string[] given = [values.Text("manifests/existingConfigMap"), values.Text("secrets/existingSecret"), .. values.Each("node/extraVolumes").Select(v => v.Text("configMap/name"))];
        foreach (var (name, pod) in Pods(objects))
        {
            var volumes = pod.Each("spec/volumes").ToList();
            pod.Each("spec/containers").SelectMany(c => c.Each("volumeMounts")).Select(m => m.Text("name")).ShouldBe(volumes.Select(v => v.Text("name")), ignoreOrder: true, name);
            foreach (var source in volumes.SelectMany(v => new[] { v.Text("configMap/name"), v.Text("secret/secretName") }).Where(s => s.Length > 0))
            {
                (given.Contains(source) || objects.Any(o => o.Name() == source && o.Text("kind") is "ConfigMap" or "Secret")).ShouldBeTrue($"{name} mounts {source}");
            }
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void The_program_takes_the_arguments_and_knows_the_variables(string example)
    {
        foreach (var (name, pod) in Pods(Chart.Render(example)))
        {
            foreach (var container in pod.Each("spec/containers"))
            {
                Product.Mistakes(container.Texts("args")).ShouldBeEmpty(name);
                Product.ShouldKnow(container.Each("env").Select(e => e.Text("name")));
            }
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void The_manifests_arrive_as_they_were_written_and_the_node_reads_them(string example)
    {
        var objects = Chart.Render(example);
        var files = Chart.Values(example).Map("manifests/files");
        var args = objects.Kind("StatefulSet").Texts("spec/template/spec/containers/0/args").ToList();
        if (files.Count == 0) args.ShouldContain("/etc/polysync/pipelines/shop.yaml");
        foreach (var (file, text) in files)
        {
            var mounted = objects.Single(o => o.Name() == "polysync-manifests").Map("data")[file];
            mounted.Trim().ShouldBe(text.Trim());
            Product.Manifest(mounted);
            args.ShouldContain($"/etc/polysync/pipelines/{file}");
        }
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void Passwords_are_in_the_secret_alone(string example)
    {
        var passwords = Chart.Values(example).Map("secrets").Where(p => p.Key.EndsWith("Password", StringComparison.Ordinal)).Select(p => p.Value).ToList();
        foreach (var o in Chart.Render(example).Where(o => o.Text("kind") != "Secret"))
        {
            foreach (var password in passwords) o.Leaves().ShouldNotContain(text => text.Contains(password, StringComparison.Ordinal), o.Name());
        }
        Chart.Notes(example).ShouldNotContain("one-of-");
    }

    [SkippableFact]
    public void A_secret_of_ours_holds_what_was_given_and_a_token()
    {
        var data = Chart.Render("direct").Kind("Secret").Map("data").ToDictionary(p => p.Key, p => Encoding.UTF8.GetString(Convert.FromBase64String(p.Value)));
        data["source-password"].ShouldBe("one-of-postgresql");
        data["target-password"].ShouldBe("one-of-neo4j");
        data["api-token"].ShouldMatch("^[A-Za-z0-9]{48}$");
        data.Count.ShouldBe(3);
    }

    [SkippableFact]
    public void Where_others_made_secret_and_manifests_none_are_made()
    {
        var objects = Chart.Render("existing");
        objects.ShouldNotContain(o => o.Text("kind") == "Secret" || o.Text("kind") == "ConfigMap");
        objects.ShouldNotContain(o => o.Text("kind") == "PodDisruptionBudget");
        var pod = objects.Kind("StatefulSet").At("spec/template");
        pod.Each("spec/volumes").Single(v => v.Text("name") == "secrets").Text("secret/secretName").ShouldBe("shop-passwords");
        pod.Each("spec/containers/0/env").ShouldNotContain(e => e.Text("name") == "POLYSYNC_TARGET_PASSWORD_FILE", "its key was taken away");
    }

    [SkippableFact]
    public void A_capture_takes_what_is_captured_apart_and_there_is_one_at_a_time()
    {
        var capture = Chart.Render("kafka").Kind("Deployment");
        capture.Texts("spec/template/spec/containers/0/args").Where(a => a.EndsWith(".yaml", StringComparison.Ordinal)).ShouldBe(["/etc/polysync/pipelines/shop.yaml"]);
        capture.Text("spec/strategy/type").ShouldBe("Recreate");
        capture.Text("spec/replicas").ShouldBe("1");
        Chart.Render("direct").ShouldNotContain(o => o.Text("kind") == "Deployment");
    }

    [SkippableFact]
    public void Nodes_of_a_cluster_know_their_own_names_and_the_first_three_and_let_nobody_else_in()
    {
        var objects = Chart.Render("cluster").ToList();
        var node = objects.Kind("StatefulSet");
        var name = node.Name();
        var variables = node.At("spec/template/spec/containers/0/env")!.AsArray().Where(e => e!["value"] is not null).ToDictionary(e => e!.Text("name")!, e => e!.Text("value"));
        var nodes = $"{node.Text("spec/serviceName")}.{node.Text("metadata/namespace")}.svc";
        variables["POLYSYNC_CLUSTER_PUBLIC_HOST"].ShouldBe($"$(POD_NAME).{nodes}");
        variables["POLYSYNC_CLUSTER_SEEDS"].ShouldBe(string.Join(',', Enumerable.Range(0, 3).Select(i => $"{name}-{i}.{nodes}:4053")));
        variables["POLYSYNC_CLUSTER_MIN_MEMBERS"].ShouldBe("3");
        node.Each("spec/template/spec/containers/0/env").ShouldContain(e => e.Text("name") == "POLYSYNC_JOURNAL");
        var ingress = objects.Kind("NetworkPolicy").Each("spec/ingress").Single(i => i.Each("ports").Any(p => p.Text("port") == "cluster"));
        ingress.Each("from").ShouldHaveSingleItem().Map("podSelector/matchLabels")["app.kubernetes.io/component"].ShouldBe("node");
    }

    [SkippableTheory]
    [InlineData("node: { role: cluster }", "one journal for all")]
    [InlineData("node: { replicas: 2 }", "shop.yaml has no section 'kafka'")]
    [InlineData("capture: { enabled: true }", "no manifest says kafka.capture: separate")]
    [InlineData("manifests: { files: null }", "no manifest with a 'target'")]
    [InlineData("manifests: { files: { broken.yaml: 'a: [' } }", "broken.yaml is not YAML")]
    public void What_cannot_run_is_refused_with_what_to_do(string values, string message)
    {
        var (code, _, error) = Chart.Try("direct", values);
        code.ShouldNotBe(0);
        error.ShouldContain(message);
    }

    [SkippableFact]
    public void Without_a_manifest_there_is_nothing_to_run() => Chart.Try(null).Error.ShouldContain("give manifests.files");

    [SkippableFact]
    public void A_changed_manifest_starts_the_pods_anew()
    {
        static string Sum(string values) => Chart.Render("direct", values).Kind("StatefulSet").Map("spec/template/metadata/annotations")["checksum/manifests"];
        Sum("manifests: { files: { other.yaml: 'pipeline: other' } }").ShouldNotBe(Sum(""));
    }

    [SkippableTheory, MemberData(nameof(Examples))]
    public void The_notes_say_how_to_look(string example) => Chart.Notes(example).ShouldContain("exec polysync-0 -- /app/polysync status");
}
