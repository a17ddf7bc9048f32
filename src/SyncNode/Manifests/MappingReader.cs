using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Manifests.Keys;

namespace PolyglotSync.SyncNode.Manifests;

/// <summary>The mapping part of a manifest: <c>tables</c>, <c>include_tables</c>, <c>exclude_tables</c>. Whether tables and columns exist is checked against the catalog, later.</summary>
internal sealed class MappingReader(ManifestMistakes mistakes)
{
    public MappingSettings Read(Section root)
    {
        var include = Tables(root, TopKeys.IncludeTables);
        var exclude = Tables(root, TopKeys.ExcludeTables);
        var overrides = new List<TableOverride>();
        var seen = new Dictionary<TableName, Place>();
        if (root.Map(TopKeys.Tables) is { } tables)
        {
            foreach (var (key, value) in tables.Entries)
            {
                if (Table(key.Value, key.Place) is not { } name) continue;
                if (!seen.TryAdd(name, key.Place)) mistakes.Add(key.Place, $"table '{name}' is described twice", $"see line {seen[name].Line}");
                if (exclude.Contains(name)) mistakes.Add(key.Place, $"table '{name}' is described here and left out by 'exclude_tables'", "drop one of the two");
                overrides.Add(tables.Within(value, key.Value) is { } section
                    ? Override(name, section, key.Place)
                    : new TableOverride { Table = name, Where = mistakes.Where(key.Place) });
            }
        }
        return new MappingSettings { Include = include, Exclude = exclude, Tables = overrides };
    }

    private List<TableName> Tables(Section root, TextsKey key) =>
        [.. root.TextsWithPlaces(key).Select(t => Table(t.Text, t.Place)).Where(t => t is not null).Select(t => t!.Value)];

    private TableName? Table(string text, Place place)
    {
        var name = TableName.Parse(text);
        if (name.Schema.Length > 0 && name.Name.Length > 0) return name;
        mistakes.Add(place, $"'{text}' is not a table's name", "write schema.table, or table for schema public");
        return null;
    }

    private TableOverride Override(TableName table, Section section, Place place)
    {
        var columns = section.Map(TableKeys.Columns);
        var include = columns?.Texts(TableKeys.Include) ?? [];
        var exclude = columns?.Texts(TableKeys.Exclude) ?? [];
        if (include.Count > 0 && exclude.Count > 0) mistakes.Add(columns!.Place, "'include' and 'exclude' together", "name the columns to take, or those to leave out");
        columns?.Finish();
        var result = new TableOverride
        {
            Table = table,
            Where = mistakes.Where(place),
            Label = section.Text(TableKeys.Label),
            Type = section.Text(TableKeys.Type),
            As = section.Choice(TableKeys.As),
            Key = section.Texts(TableKeys.Key),
            IncludeColumns = include,
            ExcludeColumns = exclude,
            Properties = Properties(section),
            Relationships = Relationships(section),
        };
        if (result is { As: "relationship", Label: not null }) mistakes.Add(section.Place, "a relationship has no label", "use 'type'");
        if (result is { As: "node", Type: not null }) mistakes.Add(section.Place, "a node has no type", "use 'label'");
        section.Finish();
        return result;
    }

    private List<PropertyMapping> Properties(Section table)
    {
        var properties = new List<PropertyMapping>();
        if (table.Map(TableKeys.Properties) is not { } section) return properties;
        foreach (var (key, value) in section.Entries)
        {
            var column = key.Value;
            if (value is YamlText { IsNull: false } text)
            {
                properties.Add(new PropertyMapping(column, section.TextOf(text, column) ?? column));
            }
            else if (value is YamlMap)
            {
                var property = section.Within(value, column)!;
                properties.Add(new PropertyMapping(column, property.Text(TableKeys.PropertyName) ?? column, property.Choice(TableKeys.PropertyAs)));
                property.Finish();
            }
            else
            {
                mistakes.Add(value.Place, $"property of column '{column}' is {value.Kind}", "write a name, or { name: …, as: text }");
            }
        }
        foreach (var twice in properties.GroupBy(p => p.Property).Where(g => g.Count() > 1))
        {
            mistakes.Add(section.Place, $"columns {string.Join(" and ", twice.Select(p => $"'{p.Column}'"))} both become property '{twice.Key}'", "give each its own name");
        }
        return properties;
    }

    private Dictionary<string, string?> Relationships(Section table)
    {
        var relationships = new Dictionary<string, string?>();
        if (table.Map(TableKeys.Relationships) is not { } section) return relationships;
        foreach (var (key, value) in section.Entries)
        {
            if (value is YamlText text) relationships[key.Value] = text.IsNull ? null : section.TextOf(text, key.Value);
            else mistakes.Add(value.Place, $"relationship of '{key.Value}' is {value.Kind}", "write its type, or null to leave it out");
        }
        return relationships;
    }
}
