using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PolyglotSync.Cli.Tests;

/// <summary>A node's API as a few canned answers over real HTTP on loopback.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string, (int Status, string Body)> _answer;
    private readonly Task _serving;

    public FakeNode(Func<string, (int Status, string Body)> answer)
    {
        _answer = answer;
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Paths with queries that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The same with method, body and what the caller proves itself with.</summary>
    public List<(string Method, string Path, string Body, string? Authorization)> Requests { get; } = [];

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var path = context.Request.Url!.PathAndQuery;
            Asked.Add(path);
            using (var reader = new StreamReader(context.Request.InputStream)) Requests.Add((context.Request.HttpMethod, path, await reader.ReadToEndAsync(), context.Request.Headers["Authorization"]));
            var (status, body) = _answer(path);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
