using PolyglotSync.Postgres;

namespace PolyglotSync.SyncNode.Run;

/// <summary>Passwords on the command line: every user of the machine sees them in the list of processes.</summary>
internal static class SeenPasswords
{
    /// <summary>Says it once, whatever the number of options that hold one.</summary>
    /// <param name="said">Options, and the address of a database or graph that each holds; null where it is not said.</param>
    public static void Warn(TextWriter messages, params IReadOnlyList<(string Option, string? Address)> said)
    {
        var named = said.Where(o => o.Address is { Length: > 0 } address && HoldsPassword(address)).Select(o => o.Option).ToList();
        if (named.Count == 0) return;
        messages.WriteLine($"polysync: warning: every user of this machine can see the password in {string.Join(" and ", named)} (ps); leave it out, and put PostgreSQL's into PGPASSWORD "
            + "or PGPASSFILE, the graph's into POLYSYNC_TARGET_PASSWORD or POLYSYNC_TARGET_PASSWORD_FILE, or either into a manifest as ${file:…}");
    }

    private static bool HoldsPassword(string address) =>
        (Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Contains(':', StringComparison.Ordinal)) || SourceConnection.HoldsPassword(address);
}
