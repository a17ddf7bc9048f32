using System.Security.Cryptography.X509Certificates;
using System.Text;
using Akka.Configuration;
using Akka.Hosting;

namespace Akka.Remote.Hosting;

/// <summary>Where the real remoting would listen. This stand-in writes it into the configuration and listens nowhere: there is one node.</summary>
public class RemoteOptions
{
    public bool? EnableSsl { get; set; }

    public string? HostName { get; set; }

    /// <summary>0 to 65535; 0 lets the system choose.</summary>
    public int? Port { get; set; }

    public string? PublicHostName { get; set; }

    public int? PublicPort { get; set; }

    public SslOptions Ssl { get; set; } = new();
}

/// <summary>What the real remoting would prove itself with.</summary>
public sealed class SslOptions
{
    public bool? SuppressValidation { get; set; }

    public X509Certificate2? X509Certificate { get; set; }
}

/// <inheritdoc cref="RemoteOptions"/>
public static class AkkaRemoteHostingExtensions
{
    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, RemoteOptions options)
    {
        var hocon = new StringBuilder("akka.remote.dot-netty.tcp {\n");
        Add("hostname", options.HostName?.ToHocon());
        Add("port", options.Port?.ToHocon());
        Add("public-hostname", options.PublicHostName?.ToHocon());
        Add("public-port", options.PublicPort?.ToHocon());
        Add("enable-ssl", options.EnableSsl?.ToHocon());
        return builder.AddHocon(ConfigurationFactory.ParseString(hocon.Append('}').ToString()), HoconAddMode.Prepend);

        void Add(string key, string? value)
        {
            if (value != null)
                hocon.Append(key).Append(" = ").Append(value).Append('\n');
        }
    }

    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, Action<RemoteOptions> configure)
    {
        var options = new RemoteOptions();
        configure(options);
        return builder.WithRemoting(options);
    }

    public static AkkaConfigurationBuilder WithRemoting(this AkkaConfigurationBuilder builder, string? hostname = null, int? port = default, string? publicHostname = null, int? publicPort = default)
        => builder.WithRemoting(new RemoteOptions { HostName = hostname, Port = port, PublicHostName = publicHostname, PublicPort = publicPort });
}
