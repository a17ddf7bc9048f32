using System.Globalization;
using System.Text;

namespace PolyglotSync.Testing.Oracle;

/// <summary>The documented naming, written a second time.</summary>
public sealed class NamingRules : INaming
{
    public string Label(OracleTable table, IReadOnlyList<OracleTable> all)
    {
        var label = Pascal(Singular(table.Name));
        var taken = all.Any(t => t != table && Pascal(Singular(t.Name)) == label);
        return taken ? Pascal(table.Schema) + label : label;
    }

    public string RelationshipType(OracleTable table, OracleForeignKey key)
    {
        // several columns name no role; the constraint does, where a person named it
        var named = key.Columns.Count > 1 && !System.Text.RegularExpressions.Regex.IsMatch(key.Name, "_fkey[0-9]*$");
        var role = key.Name.StartsWith(table.Name + "_", StringComparison.Ordinal) ? key.Name[(table.Name.Length + 1)..] : key.Name;
        return (named ? role : string.Join('_', key.Columns.Select(Role))).ToUpperInvariant();
    }

    public string JoinType(OracleTable table) => table.Name.ToUpperInvariant();

    public Func<string, bool> IsJoinProperty(OracleTable table) => column => !table.Key.Contains(column);

    private static string Role(string column) =>
        column.EndsWith("_id", StringComparison.OrdinalIgnoreCase) && column.Length > 3 ? column[..^3] : column;

    private static string Pascal(string name)
    {
        var label = new StringBuilder();
        foreach (var word in name.Split('_', ' ', '-'))
            if (word.Length > 0) label.Append(char.ToUpper(word[0], CultureInfo.InvariantCulture)).Append(word[1..]);
        return label.ToString();
    }

    /// <summary>Enough of English for the tables of the tests.</summary>
    private static string Singular(string name) =>
        name == "people" ? "person"
        : name.EndsWith("ies", StringComparison.Ordinal) && name.Length > 4 ? name[..^3] + "y"
        : name.EndsWith("xes", StringComparison.Ordinal) ? name[..^2]
        : name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal) && name.Length > 3 ? name[..^1] : name;
}
