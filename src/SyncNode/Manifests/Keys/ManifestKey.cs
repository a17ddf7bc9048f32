using System.Globalization;

namespace PolyglotSync.SyncNode.Manifests.Keys;

/// <summary>One key of a manifest, described once: the reader checks by it, and the editors' schema and the tables of docs/manifest.md are made of it.</summary>
/// <param name="Says">What the key means, in Markdown, without a full stop at its end.</param>
internal abstract record ManifestKey(string Name, string Says)
{
    /// <summary>Said after the range or the words, as a sentence of its own.</summary>
    public string? More { get; init; }

    /// <summary>What holds where the key is missing, as the docs say it; null: as the kind of key says.</summary>
    public string? Otherwise { get; init; }

    public virtual string DefaultText => Otherwise ?? "";

    /// <summary>Whole, with what may be written.</summary>
    public virtual string Sentence => More is null ? Says : $"{Says}. {More}";
}

internal sealed record IntegerKey(string Name, string Says, long Default, long Min, long Max) : ManifestKey(Name, Says)
{
    /// <summary>False where the least means something and the most nothing: then the text says it.</summary>
    public bool HasRange { get; init; } = true;

    public override string DefaultText => Otherwise ?? Default.ToString(CultureInfo.InvariantCulture);

    public override string Sentence
    {
        get
        {
            var range = HasRange ? $"{Min.ToString(CultureInfo.InvariantCulture)} to {(Max == 1L << 40 ? "2^40" : Max.ToString(CultureInfo.InvariantCulture))}" : "";
            var sentence = Says.Length > 0 && range.Length > 0 ? $"{Says}; {range}" : Says + range;
            return More is null ? sentence : $"{sentence}. {More}";
        }
    }
}

/// <summary>A key that takes one of a few words.</summary>
internal abstract record WordKey(string Name, string Says) : ManifestKey(Name, Says)
{
    public abstract IReadOnlyList<string> Words { get; }

    /// <summary>The word that holds where the key is missing; null: none.</summary>
    public abstract string? DefaultWord { get; }

    public override string DefaultText => Otherwise ?? (DefaultWord is { } word ? $"`{word}`" : "");
}

internal sealed record ChoiceKey<T>(string Name, string Says, T Default, params (string Word, T Value)[] Choices) : WordKey(Name, Says)
{
    public override IReadOnlyList<string> Words => [.. Choices.Select(c => c.Word)];

    public override string? DefaultWord => Choices.FirstOrDefault(c => EqualityComparer<T>.Default.Equals(c.Value, Default)).Word;
}

/// <summary>A text.</summary>
internal sealed record TextKey(string Name, string Says) : ManifestKey(Name, Says)
{
    /// <summary>What to write where it must be there and is not; null: it may be missing.</summary>
    public string? RequiredHint { get; init; }

    public SecretKind Secret { get; init; }

    /// <summary>What the text looks like, as a regular expression; null: anything.</summary>
    public string? Pattern { get; init; }

    public override string DefaultText => RequiredHint is null ? Otherwise ?? "" : "required";
}

/// <summary>Where a text may hold a secret.</summary>
internal enum SecretKind : byte
{
    None,

    /// <summary>All of it is one.</summary>
    Whole,

    /// <summary>An address, or a list of names and values, with a password in it.</summary>
    Address,
}

/// <summary>A list of texts; a single one counts as a list of one.</summary>
internal sealed record TextsKey(string Name, string Says) : ManifestKey(Name, Says)
{
    public string? RequiredHint { get; init; }

    public override string DefaultText => RequiredHint is null ? Otherwise ?? "" : "required";
}

/// <summary>A mapping with keys of its own.</summary>
internal sealed record SectionKey(string Name, string Says, IReadOnlyList<ManifestKey> Keys) : ManifestKey(Name, Says)
{
    public string? RequiredHint { get; init; }

    public override string DefaultText => RequiredHint is null ? Otherwise ?? "" : "required";
}

/// <summary>A mapping whose keys are the user's words: tables, columns, properties.</summary>
internal sealed record NamesKey(string Name, string Says, NamedValue Value) : ManifestKey(Name, Says);

/// <summary>What stands behind a name.</summary>
internal enum NamedValue : byte
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A text, or nothing.</summary>
    TextOrNull,

    /// <summary>A property's name, or its name and encoding.</summary>
    Property,

    /// <summary>A mapping with the keys of <see cref="TableKeys"/>.</summary>
    Table,
}
