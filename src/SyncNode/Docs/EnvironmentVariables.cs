using PolyglotSync.Cli.Api;
using PolyglotSync.Contracts;
using PolyglotSync.SyncNode.Clustering;
using PolyglotSync.SyncNode.Demo.Servers;
using PolyglotSync.SyncNode.Hosting;
using PolyglotSync.SyncNode.Run;

namespace PolyglotSync.SyncNode.Docs;

/// <param name="Says">In Markdown, without a full stop at its end.</param>
internal sealed record EnvironmentVariable(string Says, params IReadOnlyList<string> Names);

/// <summary>Whatever the program reads from its environment, for the reference.</summary>
internal static class EnvironmentVariables
{
    public static readonly IReadOnlyList<EnvironmentVariable> All =
    [
        new("the target's login where address and manifest do not say it; with `_FILE` added: a file that holds it", "POLYSYNC_TARGET_USER", "POLYSYNC_TARGET_PASSWORD"),
        new("the source's password, as everywhere", "PGPASSWORD", "PGPASSFILE"),
        new("the API's address for `run` and `capture`, and for every command that asks a node; one on every interface (`0.0.0.0`) is asked on loopback", ApiOption.Variable),
        new("the [API's token](#the-token), or a file that holds it; for the node and for the commands that have `--token-file`", TokenOption.Variable, TokenOption.FileVariable),
        new("as `--api-certificate`, `--api-key` and `--api-insecure` of `run` and `capture`", ApiArguments.CertificateVariable, ApiArguments.KeyVariable, ApiArguments.InsecureVariable),
        new("as `--api-ca` of the commands that ask a node", CaOption.Variable),
        new("of a PFX or an encrypted key; with `_FILE` added: a file that holds it", ApiArguments.PasswordVariable),
        new("folder in which a node leaves its token. Default `$XDG_STATE_HOME/polysync`, else `~/.local/state/polysync`", TokenFile.FolderVariable),
        new("as `--hocon`, `--log-level` and `--journal`", HoconFiles.Variable, NodeLog.Variable, Journal.Variable),
        new("role `cluster`: as the options `--cluster-host`, `--cluster-seeds`, … of `run`, for each of them", [.. ClusterKeys.All.Select(k => k.Variable)]),
        new("of a PFX or an encrypted key for the nodes' TLS; with `_FILE` added: a file that holds it", ClusterKeys.PasswordVariable),
        new("`falkordb.so`, a Valkey or Redis server, PostgreSQL's bin folder to use instead of what `setup` finds", "POLYSYNC_FALKORDB_MODULE", "POLYSYNC_VALKEY_SERVER", "POLYSYNC_PG_BIN"),
        new("for `demo --transport kafka` and the tests: a script that starts a Kafka ([kafka.md](kafka.md#a-local-kafka))", EmbeddedKafka.Variable),
        new("`run`, `capture`: for tests of recovery, a place at which the process ends, stands still or sees its clock jump ([guarantees](guarantees.md#failpoints))", Failpoint.Variable),
        new("no colours", "NO_COLOR"),
    ];
}
