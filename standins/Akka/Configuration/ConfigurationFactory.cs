using System.Reflection;
using Akka.Actor;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configurations from text and resources.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference = new(() => FromResource("Akka.reference.conf", typeof(ConfigurationFactory).Assembly));

    /// <summary>The configuration without any value.</summary>
    public static Config Empty => ParseString("");

    /// <summary>Parses HOCON text. A reference that leads nowhere is a <see cref="FormatException"/>.</summary>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <summary>Parses HOCON text; <paramref name="includeCallback"/> supplies what is included.</summary>
    public static Config ParseString(string hocon, Func<string, HoconRoot> includeCallback) => new(Parser.Parse(hocon, includeCallback));

    /// <summary>The defaults of Akka.</summary>
    public static Config Default() => Reference.Value;

    /// <summary>What the application's own configuration file says; the stand-in knows none and returns the empty configuration.</summary>
    public static Config Load() => Config.Empty;

    /// <summary>Parses a resource of the assembly that holds <typeparamref name="TAssembly"/>.</summary>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    /// <summary>Parses a resource of the assembly that holds the type of the object (or the type itself).</summary>
    public static Config FromResource(string resourceName, object instanceInAssembly) => instanceInAssembly switch
    {
        Type type => FromResource(resourceName, type.Assembly),
        Assembly assembly => FromResource(resourceName, assembly),
        _ => FromResource(resourceName, instanceInAssembly.GetType().Assembly),
    };

    /// <summary>Parses a resource of that assembly.</summary>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"The resource '{resourceName}' is not in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return ParseString(reader.ReadToEnd());
    }
}

/// <summary>Questions that a null configuration can answer too.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there is no configuration or nothing in it.</summary>
    public static bool IsNullOrEmpty(this Config config) => config == null || config.IsEmpty;

    /// <summary>Like WithFallback, where either side may be null.</summary>
    public static Config SafeWithFallback(this Config config, Config fallback) =>
        config.IsNullOrEmpty() ? fallback ?? config ?? Config.Empty
        : fallback.IsNullOrEmpty() || ReferenceEquals(config, fallback) ? config
        : config.WithFallback(fallback);
}

/// <summary>The configuration lacks something or says something wrong.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>With a message.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }

    /// <summary>Says that <typeparamref name="T"/> was given an empty configuration.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string path = null) =>
        new($"Failed to instantiate {typeof(T).Name}: Configuration does not contain `{path}` node");
}
