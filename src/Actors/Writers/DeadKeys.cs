using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PolyglotSync.Contracts;

namespace PolyglotSync.Actors.Writers;

/// <summary>
/// The rows with open dead letters, found by the hash of their key. Empty nearly always, and then free of cost. Keys that come from the store are texts: they are hashed
/// when the first operation of their table brings the types of its columns. Not thread-safe.
/// </summary>
internal sealed class DeadKeys
{
    private readonly Dictionary<TableName, Table> _tables = [];

    public DeadKeys(IEnumerable<DeadKey> keys)
    {
        foreach (var key in keys) Of(key.Table).Texts.Add(key.Key);
    }

    public bool IsEmpty => _tables.Count == 0;

    public bool Contains(ImageRef image, Relation relation) =>
        _tables.Count > 0 && _tables.TryGetValue(relation.Table, out var table) && table.Hashed(relation).ContainsKey(RowKey.Hash(image.Image, relation));

    /// <summary>By the text of its letter.</summary>
    public bool Contains(DeadKey key) => _tables.TryGetValue(key.Table, out var table) && table.All.Contains(key.Key);

    public void Add(ImageRef image, Relation relation)
    {
        var keys = Of(relation.Table).Hashed(relation);
        ref var texts = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, RowKey.Hash(image.Image, relation), out _);
        (texts ??= []).Add(DeadLetterRecord.Key(image, relation));
    }

    public void Add(DeadKey key) => Of(key.Table).Texts.Add(key.Key);

    /// <summary>Forgets a row.</summary>
    /// <returns>The keys under which its letters are stored.</returns>
    public IEnumerable<DeadKey> Take(ImageRef image, Relation relation)
    {
        if (!_tables.TryGetValue(relation.Table, out var table) || !table.Hashed(relation).Remove(RowKey.Hash(image.Image, relation), out var texts)) return [];
        if (table.IsEmpty) _tables.Remove(relation.Table);
        return texts.Select(text => new DeadKey(relation.Table, text));
    }

    /// <summary>Forgets all rows of a table.</summary>
    public IEnumerable<DeadKey> TakeAll(TableName name) => _tables.Remove(name, out var table) ? table.All.Select(text => new DeadKey(name, text)) : [];

    private Table Of(TableName name)
    {
        if (!_tables.TryGetValue(name, out var table)) _tables.Add(name, table = new Table());
        return table;
    }

    private sealed class Table
    {
        private readonly Dictionary<ulong, HashSet<string>> _hashed = [];

        /// <summary>Not hashed yet.</summary>
        public HashSet<string> Texts { get; } = [];

        public bool IsEmpty => _hashed.Count == 0 && Texts.Count == 0;

        public IEnumerable<string> All => _hashed.Values.SelectMany(texts => texts).Concat(Texts);

        public Dictionary<ulong, HashSet<string>> Hashed(Relation relation)
        {
            if (Texts.Count == 0) return _hashed;
            foreach (var text in Texts)
            {
                ref var texts = ref CollectionsMarshal.GetValueRefOrAddDefault(_hashed, Hash(text, relation), out _);
                (texts ??= []).Add(text);
            }
            Texts.Clear();
            return _hashed;
        }

        private static ulong Hash(string key, Relation relation)
        {
            using var json = JsonDocument.Parse(key);
            var writer = new ChangeBatchWriter(initialBytes: 256, initialEntries: 1);
            var image = writer.BeginImage(relation.Columns.Length);
            foreach (var ordinal in relation.KeyOrdinals)
            {
                if (json.RootElement.TryGetProperty(relation.Columns[ordinal].Name, out var value) && value.GetString() is { } text)
                    writer.Column(image, ordinal, Encoding.UTF8.GetBytes(text));
            }
            var hash = RowKey.Hash(writer.Image(image), relation);
            writer.Complete(null).Release();
            return hash;
        }
    }
}
