# Benchmarks. Sourced by ./polysync; wants $root and setup.sh.

bench() {
  case "${1:-}" in
    micro) shift; bench_micro "$@" ;;
    *) echo "usage: ./polysync bench micro [filter]" >&2; return 64 ;;
  esac
}

# Time and allocations of each stage of the hot path, by the row.
bench_micro() {
  require_dotnet
  mkdir -p "$root/.polysync"
  local log="$root/.polysync/bench-build.log"
  if ! dotnet build "$root/bench/Micro/Micro.csproj" -c Release -v minimal --nologo > "$log" 2>&1; then
    { grep -E 'error [A-Z]+[0-9]+' "$log" | sort -u | head -40; } >&2 || true
    echo "polysync: the benchmarks do not build; the whole output is in $log" >&2
    return 1
  fi
  say "measuring; all stages take about two minutes ..."
  dotnet "$root/bench/Micro/bin/Release/net10.0/PolyglotSync.Bench.Micro.dll" "$@"
}
