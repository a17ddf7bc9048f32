# The benchmarks: `./polysync bench` (the product beside the graph's limit) and `./polysync bench micro` (the stages of the hot path by the row).
# Sourced by ./polysync; wants $root, setup.sh and build.sh.

bench() {
  if [[ "${1:-}" == micro ]]; then shift; bench_micro "$@"; else bench_load "$@"; fi
}

# Builds node and benchmark, finds the servers, passes on.
bench_load() {
  setup_when_missing all || say "going on without; a scenario that needs what is missing says so"
  build_node
  export POLYSYNC_NODE="$program"
  POLYSYNC_VALKEY_SERVER="$(find_valkey || true)"
  POLYSYNC_FALKORDB_MODULE="$(find_module || true)"
  POLYSYNC_PG_BIN="$(find_postgres || true)"
  export POLYSYNC_VALKEY_SERVER POLYSYNC_FALKORDB_MODULE POLYSYNC_PG_BIN
  build_bench Load
  exec dotnet "$root/bench/Load/bin/Release/net10.0/PolyglotSync.Bench.dll" "$@"
}

# Time and allocations of each stage of the hot path, by the row.
bench_micro() {
  require_dotnet
  build_bench Micro
  say "measuring; all stages take about two minutes ..."
  exec dotnet "$root/bench/Micro/bin/Release/net10.0/PolyglotSync.Bench.Micro.dll" "$@"
}

# Builds one of the projects of bench/; dotnet itself finds out that nothing has changed.
build_bench() {
  mkdir -p "$root/.polysync"
  local log="$root/.polysync/bench-build.log"
  if ! dotnet build "$root/bench/$1/$1.csproj" -c Release -v minimal --nologo > "$log" 2>&1; then
    { grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -40; } >&2 || true
    echo "polysync: the benchmarks do not build; the whole output is in $log" >&2
    exit 1
  fi
}
