# The benchmarks: `./polysync bench`. Builds node and benchmark, finds the servers, passes on.
# Sourced by ./polysync; wants $root, setup.sh and build.sh.

run_bench() {
  local project=Load
  setup_when_missing all || echo "polysync: going on without; a scenario that needs what is missing says so" >&2
  build_node
  export POLYSYNC_NODE="$program"
  POLYSYNC_VALKEY_SERVER="$(find_valkey || true)"
  POLYSYNC_FALKORDB_MODULE="$(find_module || true)"
  POLYSYNC_PG_BIN="$(find_postgres || true)"
  export POLYSYNC_VALKEY_SERVER POLYSYNC_FALKORDB_MODULE POLYSYNC_PG_BIN
  build_bench "$project"
  exec dotnet "$root/artifacts/bench/$project/PolyglotSync.Bench.dll" "$@"
}

# Builds one of the projects of bench/ into artifacts; dotnet itself finds out that nothing has changed.
build_bench() {
  local log="$root/.polysync/bench-build.log"
  if ! dotnet publish "$root/bench/$1/$1.csproj" -c Release -o "$root/artifacts/bench/$1" -v minimal --nologo > "$log" 2>&1; then
    { grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -40; } >&2 || true
    echo "polysync: the build failed; the whole output is in $log" >&2
    exit 1
  fi
}
