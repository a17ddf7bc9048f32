using System.Text.RegularExpressions;

namespace PolyglotSync.Testing;

/// <summary>The statements that docs/operations.md gives for the roles in PostgreSQL, as they stand there.</summary>
public static class DocumentedRights
{
    /// <param name="role">capture, journal or reader.</param>
    /// <param name="pipeline">In the place of the document's <c>shop</c>.</param>
    /// <param name="suffix">Added to the roles' names, which a server has once.</param>
    public static string Of(string role, string pipeline, string suffix)
    {
        var document = RepositoryFile.Find("docs", "operations.md") ?? throw new FileNotFoundException("docs/operations.md is not above the tests");
        var statements = Regex.Match(File.ReadAllText(document), $"<!-- rights: {role} -->\n```sql\n(.*?)```", RegexOptions.Singleline);
        if (!statements.Success) throw new InvalidOperationException($"docs/operations.md has no rights of '{role}'");
        return Regex.Replace(statements.Groups[1].Value.Replace("polysync_shop", $"polysync_{pipeline}", StringComparison.Ordinal), "polysync_(capture|journal|reader)", $"$0_{suffix}");
    }
}
