using System.Globalization;
using System.Text.Json;

namespace PolyglotSync.Graph.Tests.Values;

/// <summary>docs/manifest.md names each setting with the default that it has.</summary>
public sealed class DocumentedDefaultsTests
{
    public static TheoryData<string, string, string> Defaults()
    {
        var defaults = new TheoryData<string, string, string>();
        foreach (var (section, settings) in new (string, object)[]
        {
            ("source", new SourceSettings { ConnectionString = "" }), ("target", new TargetSettings { Uri = new Uri("bolt://x") }), ("limits", new LimitSettings()),
        })
        {
            foreach (var property in settings.GetType().GetProperties().Where(p => p.PropertyType == typeof(int) || p.PropertyType == typeof(long)))
                defaults.Add(section, JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Convert.ToString(property.GetValue(settings), CultureInfo.InvariantCulture)!);
        }
        return defaults;
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Each_setting_is_documented_with_its_default(string section, string key, string value)
    {
        var lines = File.ReadLines(Documents.Find("manifest.md")).SkipWhile(l => l != $"## `{section}`").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal));
        lines.ShouldContain(l => l.StartsWith($"| `{key}` | {value} | ", StringComparison.Ordinal));
    }
}
