namespace PolyglotSync.Graph.Inference;

/// <summary>Holds a mapping against the schema.</summary>
internal static class MappingChecks
{
    /// <exception cref="PipelineFailure">Fatal: each table and column that the mapping names and the schema lacks.</exception>
    public static void Require(GraphMapping mapping, DatabaseSchema schema)
    {
        var mistakes = new List<string>();
        foreach (var table in mapping.Tables)
        {
            if (schema.Find(table.Table) is not { } described)
            {
                mistakes.Add($"{table.Table}: the source has no such table");
                continue;
            }
            foreach (var column in table.Key.Concat(table.Properties.Select(p => p.Column)).Distinct().Where(c => described.Column(c) is null))
                mistakes.Add($"{table.Table}: the table has no column '{column}'");
        }
        foreach (var pair in mapping.Tables.OfType<NodeMapping>().GroupBy(t => t.Label).Where(g => g.Count() > 1))
            mistakes.Add($"{string.Join(" and ", pair.Select(t => t.Table))}: both have the label '{pair.Key}'");
        if (mistakes.Count > 0)
            throw new PipelineFailure(FailureClass.Fatal, "the mapping does not fit the source:\n" + string.Join('\n', mistakes.Select(m => "  " + m))) { ExitCode = ExitCode.InvalidManifest };
    }
}
