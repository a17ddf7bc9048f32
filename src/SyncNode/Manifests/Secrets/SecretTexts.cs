using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests.Secrets;

/// <summary>The texts of a manifest that may hold a secret, by the description of its keys.</summary>
internal static class SecretTexts
{
    public static IEnumerable<(string Key, YamlText Text, SecretKind Kind)> Of(YamlMap root) => Of(root, "", TopKeys.All);

    private static IEnumerable<(string Key, YamlText Text, SecretKind Kind)> Of(YamlMap map, string prefix, IReadOnlyList<ManifestKey> keys)
    {
        foreach (var (name, value) in map.Entries)
        {
            var key = keys.FirstOrDefault(k => k.Name == name.Value);
            var path = prefix + name.Value;
            if (key is TextKey { Secret: not SecretKind.None } secret && value is YamlText text) yield return (path, text, secret.Secret);
            if (key is SectionKey section && value is YamlMap inside)
                foreach (var found in Of(inside, path + ".", section.Keys)) yield return found;
            if (key == KafkaKeys.Properties && value is YamlMap properties)
            {
                foreach (var (property, said) in properties.Entries)
                    if (KafkaKeys.IsSecret(property.Value) && said is YamlText { IsNull: false } word) yield return ($"{path}.{property.Value}", word, SecretKind.Whole);
            }
        }
    }
}
