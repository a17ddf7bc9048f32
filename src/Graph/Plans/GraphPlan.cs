using System.Collections.Concurrent;
using PolyglotSync.Graph.Values;
using PolyglotSync.Graph.Waiting;

namespace PolyglotSync.Graph.Plans;

/// <summary>The mapping, compiled for each relation when its first change comes: a relation that a schema change made gets a plan of its own.</summary>
internal sealed class GraphPlan
{
    private readonly DatabaseSchema _schema;
    private readonly GraphDialect _dialect;
    private readonly Dictionary<TableName, TableMapping> _mappings;
    private readonly ILookup<TableName, string> _referenced;
    private readonly Holds _holds;
    private readonly ConcurrentDictionary<Relation, TablePlan?> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<ILookup<TableName, IncomingReference>> _incoming;
    private readonly ConcurrentDictionary<TableName, JoinPlan> _joins = new();

    public GraphPlan(GraphMapping mapping, DatabaseSchema schema, GraphDialect dialect, ChangeOrder order = ChangeOrder.Whole)
    {
        Mapping = mapping;
        Order = order;
        _schema = schema;
        _dialect = dialect;
        _mappings = mapping.Tables.ToDictionary(t => t.Table);
        _referenced = schema.Tables.SelectMany(t => t.ForeignKeys)
            .SelectMany(k => k.ReferencedColumns, (k, column) => (k.ReferencedTable, column))
            .Distinct().ToLookup(r => r.ReferencedTable, r => r.column);
        _incoming = new(() => References().ToLookup(r => r.Parent, r => r.Incoming));
        _holds = Holds.Of(mapping);
    }

    public GraphMapping Mapping { get; }

    public ChangeOrder Order { get; }

    public TableMapping? MappingOf(TableName table) => _mappings.GetValueOrDefault(table);

    /// <summary>The plan for a relation's tuples; null where its table is not mapped.</summary>
    /// <exception cref="PipelineFailure">Fatal: the relation lacks a column that the mapping cannot do without.</exception>
    public TablePlan? For(Relation relation) => _plans.TryGetValue(relation, out var plan) ? plan : _plans.GetOrAdd(relation, CompileFirst);

    /// <summary>The plan for a table as the catalog describes it.</summary>
    public TablePlan? For(TableName table) =>
        _schema.Find(table) is { } described && MappingOf(table) is { } mapping
            ? Compile(new Relation(table, [.. described.Columns.Select(c => new RelationColumn(c.Name, c.Type))], mapping.Key)) : null;

    /// <summary>The foreign keys that lead to a table.</summary>
    public IEnumerable<IncomingReference> IncomingOf(TableName parent) => _incoming.Value[parent];

    /// <summary>The join tables that a table is an end of; twice where it is both.</summary>
    public IEnumerable<IncomingJoin> JoinsOf(TableName end) => Joins().Where(j => j.End.Table == end);

    /// <summary>True where a foreign key of another table, or of the same, refers to the column.</summary>
    public bool IsReferredTo(TableName table, string column) => _referenced[table].Contains(column);

    /// <summary>The property that a column is written to in this relation; null where it is none.</summary>
    public string? PropertyOf(TableMapping mapping, string column)
    {
        if (mapping.Properties.FirstOrDefault(p => p.Column == column) is { } written) return written.Property;
        return IsNew(mapping, column) ? column : null;
    }

    private TablePlan? CompileFirst(Relation relation)
    {
        var plan = Compile(relation);
        if (plan is JoinPlan join) _joins[relation.Table] = join;
        return plan;
    }

    private TablePlan? Compile(Relation relation) => MappingOf(relation.Table) switch
    {
        NodeMapping node => Compile(relation, node),
        JoinMapping join => Compile(relation, join),
        _ => null,
    };

    private NodePlan Compile(Relation relation, NodeMapping node)
    {
        var key = node.Key.Select(column => Required(relation, node, column)).ToList();
        var fields = Fields(relation, node).Where(f => !node.Key.Contains(f.Column)).ToList();
        var own = key.Concat(fields).ToDictionary(f => f.Column);
        var references = new List<ReferencePlan>();
        foreach (var (foreignKey, type) in node.Relationships)
        {
            // a dropped column takes its foreign key with it
            if (foreignKey.Columns.Any(c => relation.Ordinal(c) < 0) || End(relation, foreignKey) is not { } parent) continue;
            var stored = foreignKey.Columns.All(own.ContainsKey) ? foreignKey.Columns.Select(c => own[c]).ToList() : null;
            references.Add(new ReferencePlan(type, parent, stored));
        }
        return new NodePlan(relation, node.Label, key, fields, references, _dialect) { Holds = _holds.TypesOf(node.Table), OtherKeys = OtherKeys(node, own) };
    }

    /// <summary>Without one of which the relation lacks a column: its constraint went with it.</summary>
    private List<OtherKeyPlan> OtherKeys(NodeMapping node, Dictionary<string, Field> own) =>
        [.. _holds.OtherKeysOf(node).Where(k => k.Columns.All(own.ContainsKey)).Select(k => new OtherKeyPlan([.. k.Columns.Select(c => own[c])], k.HeldBy))];

    private JoinPlan Compile(Relation relation, JoinMapping join)
    {
        if (End(relation, join.Start) is { } start && End(relation, join.End) is { } end)
            return new JoinPlan(relation, join.Type, start, end, [.. Fields(relation, join)], _dialect);
        throw Unfit($"{join.Table}: a relationship's ends must both be nodes of the graph");
    }

    private IEnumerable<(TableName Parent, IncomingReference Incoming)> References()
    {
        foreach (var child in Mapping.Tables.OfType<NodeMapping>())
        {
            if (For(child.Table) is not NodePlan plan) continue;
            foreach (var reference in plan.References)
            {
                if (reference.Stored is not { } stored) continue;
                var foreignKey = child.Relationships.First(r => r.Type == reference.Type).ForeignKey;
                var columns = foreignKey.ReferencedColumns.Select((c, i) => new IncomingColumn(c, stored[i].Property, Found(plan.Relation, stored[i]))).ToList();
                yield return (reference.Parent.Table, new IncomingReference(WaitingRelationships.NameOf(child.Table, reference.Type), child.Table,
                    plan.Label, reference.Type, columns, reference.Parent.KeyOrdinals is not null));
            }
        }
    }

    /// <summary>FalkorDB's index drops the blanks of a char(n).</summary>
    private PropertyDecoder Found(Relation relation, Field field) => _dialect == GraphDialect.Falkor && relation.Columns[field.Ordinal].Type.Kind == PgKind.BlankPaddedText
        ? PropertyDecoders.Canonical(PgKind.BlankPaddedText, field.Decoder) : field.Decoder;

    private IEnumerable<IncomingJoin> Joins()
    {
        foreach (var mapping in Mapping.Tables.OfType<JoinMapping>())
        {
            // as the last relation has it, which may have more columns than the catalog had
            if (!_joins.TryGetValue(mapping.Table, out var plan)) plan = For(mapping.Table) as JoinPlan;
            if (plan is null) continue;
            var name = WaitingRelationships.NameOf(plan.Relation.Table, plan.Type);
            yield return new IncomingJoin(name, plan, true);
            yield return new IncomingJoin(name, plan, false);
        }
    }

    private NodeEnd? End(Relation relation, ForeignKey foreignKey)
    {
        if (MappingOf(foreignKey.ReferencedTable) is not NodeMapping parent || _schema.Find(parent.Table) is not { } table) return null;
        var fields = new List<Field>();
        for (var i = 0; i < foreignKey.Columns.Count; i++)
        {
            var ordinal = relation.Ordinal(foreignKey.Columns[i]);
            if (ordinal < 0) throw Unfit($"{relation.Table}: column '{foreignKey.Columns[i]}' of foreign key '{foreignKey.Name}' is gone");
            var column = foreignKey.ReferencedColumns[i];
            if (parent.Properties.FirstOrDefault(p => p.Column == column) is not { } property || table.Column(column) is not { } described) return null;
            var decoder = PropertyDecoders.ForKey(described.Type, property.As, _dialect);
            fields.Add(new Field(ordinal, foreignKey.Columns[i], property.Property,
                PropertyDecoders.Canonical(relation.Columns[ordinal].Type.Kind, decoder)));
        }
        var referenced = foreignKey.ReferencedColumns.ToList();
        var isKey = referenced.Count == parent.Key.Count && parent.Key.All(referenced.Contains);
        int[] columns = [.. fields.Select(f => f.Ordinal)];
        List<Field>? key = isKey || (Order == ChangeOrder.PerKey && Holds.FindsByKey(parent, referenced)) ? [.. parent.Key.Select(c => fields[referenced.IndexOf(c)])] : null;
        // a placeholder found by more than its key would be in the way of another that the key finds
        return new NodeEnd(parent.Table, parent.Label, Order == ChangeOrder.PerKey ? key ?? fields : fields, key is null ? null : [.. key.Select(f => f.Ordinal)])
        { Columns = columns, Indexed = [.. (key ?? fields).Select(f => f.Property)], Holds = _holds.TypesOf(parent.Table) };
    }

    private IEnumerable<Field> Fields(Relation relation, TableMapping mapping)
    {
        for (var i = 0; i < relation.Columns.Length; i++)
        {
            var column = relation.Columns[i];
            var written = mapping.Properties.FirstOrDefault(p => p.Column == column.Name);
            if (written is null && !IsNew(mapping, column.Name)) continue;
            yield return FieldOf(mapping, column, i, written ?? new PropertyMapping(column.Name, column.Name));
        }
    }

    private Field FieldOf(TableMapping mapping, RelationColumn column, int ordinal, PropertyMapping property)
    {
        var isFoundBy = mapping.Key.Contains(column.Name) || _referenced[mapping.Table].Contains(column.Name);
        var decoder = isFoundBy
            ? PropertyDecoders.ForKey(column.Type, property.As, _dialect)
            : PropertyDecoders.For(column.Type, property.As, _dialect);
        return new Field(ordinal, column.Name, property.Property, decoder);
    }

    private Field Required(Relation relation, TableMapping mapping, string column)
    {
        var ordinal = relation.Ordinal(column);
        if (ordinal < 0) throw Unfit($"{relation.Table}: key column '{column}' was dropped or renamed");
        return FieldOf(mapping, relation.Columns[ordinal], ordinal,
            mapping.Properties.FirstOrDefault(p => p.Column == column) ?? new PropertyMapping(column, column));
    }

    /// <summary>True for a column that was added after the mapping was made, where nothing was listed by hand.</summary>
    private bool IsNew(TableMapping mapping, string column) =>
        mapping is NodeMapping { IncludesNewColumns: true } or JoinMapping { IncludesNewColumns: true }
        && !mapping.Key.Contains(column) && _schema.Find(mapping.Table)?.Column(column) is null;

    private static PipelineFailure Unfit(string what) =>
        new(FailureClass.Fatal, $"{what}; stop the pipeline, adapt the manifest, and run it under a new name into an empty graph") { ExitCode = ExitCode.InvalidManifest };
}
