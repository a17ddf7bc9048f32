using System.Globalization;
using System.Runtime.InteropServices;

namespace PolyglotSync.Cli.Api;

/// <summary>
/// Where a node leaves the token of its API for the commands of the same user: one file an address, readable by the user alone, in <c>$POLYSYNC_STATE</c>,
/// <c>$XDG_STATE_HOME/polysync</c> or <c>~/.local/state/polysync</c>.
/// </summary>
public static class TokenFile
{
    public const string FolderVariable = "POLYSYNC_STATE";

    /// <summary>SIGXFSZ, on Linux and macOS: what is sent where a file grows past its limit. Its default ends the process.</summary>
    private const int FileTooLarge = 25;

    private static PosixSignalRegistration? _fileTooLarge;

    /// <summary>Null where the user has no such folder.</summary>
    public static string? Folder(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment(FolderVariable) is { Length: > 0 } named) return named;
        if (environment("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)) return Path.Combine(state, "polysync");
        return environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state", "polysync") : null;
    }

    /// <summary>The file of a node that listens at an address. By the whole address: a token never goes to a host that it is not of.</summary>
    public static string? For(Uri api, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(api);
        var isHere = api.IsLoopback || api.Host is "0.0.0.0" or "[::]" or "+" or "*";
        var host = isHere ? "localhost" : api.Host.Trim('[', ']').Replace(':', '_');
        return Folder(environment) is { } folder ? Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"api-{host}-{api.Port}.token")) : null;
    }

    /// <summary>Puts the token there in one step, mode 0600.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not the user's.</exception>
    public static void Write(string path, string token)
    {
        ArgumentNullException.ThrowIfNull(path);
        // for good: the signal is handled some time after the write has failed
        if (!OperatingSystem.IsWindows()) _fileTooLarge ??= PosixSignalRegistration.Create((PosixSignal)FileTooLarge, static signal => signal.Cancel = true);
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        else Directory.CreateDirectory(Path.GetDirectoryName(path)!, Owner | UnixFileMode.UserExecute);
        var fresh = $"{path}.{Guid.NewGuid():N}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
            using (var writer = new StreamWriter(fresh, options)) writer.WriteLine(token);
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(fresh);
            // how .NET says that a file may not grow so far
            if (e is ArgumentOutOfRangeException) throw new IOException(e.Message, e);
            throw;
        }
    }

    /// <returns>Null where there is none, or the user may not read it.</returns>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Takes the file away, if it still holds this token: another node may listen there by now.</summary>
    public static void Remove(string path, string token)
    {
        try
        {
            if (Read(path) == token) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is no good to anybody: the next node makes another.
        }
    }
}
