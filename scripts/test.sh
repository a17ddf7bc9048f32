# Builds the test projects once, runs them one after another, prints one closing line and fails where a test failed, crashed, or none ran.
# Sourced by ./polysync; wants $root and setup.sh.

# Tests that start servers carry [Trait("Category", "Integration")]; whole projects of them are named here.
is_integration_project() { [[ "$1" =~ (Integration|Compliance|Faults)(\.|$) ]]; }

run_tests() {
  local word="${1:-rooms}" filter="" project name results rc crashed=0 only=""
  case "$word" in
    unit) filter="Category!=Integration" ;;
    integration) filter="Category=Integration" ;;
    rooms|all) ;;
    *) only="$word" ;;
  esac
  if [[ "$word" == unit ]]; then require_dotnet; mkdir -p "$root/.polysync"; [[ -f "$root/.polysync/flavour" ]] || probe_feed
  else setup_when_missing all || echo "polysync: going on without; tests that need what is missing are skipped by name" >&2
  fi
  POLYSYNC_VALKEY_SERVER="$(find_valkey || true)"
  POLYSYNC_FALKORDB_MODULE="$(find_module || true)"
  POLYSYNC_PG_BIN="$(find_postgres || true)"
  export POLYSYNC_VALKEY_SERVER POLYSYNC_FALKORDB_MODULE POLYSYNC_PG_BIN

  results="$root/.polysync/test-results"
  rm -rf "$results"
  mkdir -p "$results"
  exec 9>"$root/.polysync/build.lock"
  flock 9
  echo "polysync: building the tests ..." >&2
  if ! dotnet build "$root/PolyglotSync.sln" -c Release -v minimal --nologo > "$root/.polysync/test-build.log" 2>&1 9>&-; then
    { grep -E 'error [A-Z]+[0-9]+' "$root/.polysync/test-build.log" | sort -u | head -40; } >&2 || true
    echo "polysync: the tests do not build; the whole output is in $root/.polysync/test-build.log" >&2
    echo "0 passed, 1 failed, 0 skipped"
    return 1
  fi
  exec 9>&-

  for project in "$root"/tests/*/*.csproj; do
    name="$(basename "$project" .csproj)"
    grep -q 'Microsoft.NET.Test.Sdk' "$project" || continue
    local project_filter="$filter"
    if is_integration_project "$name"; then
      # `all` adds the whole program on real servers; without a word each room is held to its own tests, on real servers too.
      [[ "$word" == unit || "$word" == rooms ]] && continue
      [[ "$word" == integration ]] && project_filter=""
    fi
    if [[ -n "$only" ]]; then
      project_filter="FullyQualifiedName~$only"
      [[ "${name,,}" == "${only,,}" || "${name,,}" == "${only,,}.tests" ]] && project_filter=""
    fi
    rc=0
    local started=$SECONDS log="$results/$name.log"
    dotnet test "$project" -c Release --no-build --nologo -v quiet --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
      ${project_filter:+--filter "$project_filter"} > "$log" 2>&1 < /dev/null || rc=$?
    report_project "$name" "$rc" "$results/$name.trx" "$log" "$((SECONDS - started))" || crashed=$((crashed + 1))
  done
  close_tests "$results" "$crashed"
}

# The counters of a trx file: passed failed skipped.
trx_counts() {
  local line total executed passed
  line="$(grep -oE '<Counters [^>]*>' "$1" | head -1)"
  total="$(grep -oE ' total="[0-9]+"' <<< "$line" | tr -dc 0-9)"
  executed="$(grep -oE ' executed="[0-9]+"' <<< "$line" | tr -dc 0-9)"
  passed="$(grep -oE ' passed="[0-9]+"' <<< "$line" | tr -dc 0-9)"
  echo "${passed:-0} $(( ${executed:-0} - ${passed:-0} )) $(( ${total:-0} - ${executed:-0} ))"
}

# One line a project; its log where it failed. Returns 1 where the runner crashed.
report_project() {
  local name="$1" rc="$2" trx="$3" log="$4" seconds="$5" passed=0 failed=0 skipped=0
  if [[ -f "$trx" ]]; then read -r passed failed skipped < <(trx_counts "$trx"); fi
  (( passed + failed + skipped == 0 && rc == 0 )) && return 0
  printf '%-28s %5d passed %4d failed %4d skipped  %4d s\n' "$name" "$passed" "$failed" "$skipped" "$seconds"
  grep -E '^\s+(Skipped|!) |\[SKIP\]' "$log" | sed -E 's/^\s+/    /' | sort -u || true
  if (( rc != 0 )); then
    grep -vE '^\s*$' "$log" | head -200
    if (( failed == 0 )); then
      echo "$name: the runner ended with $rc and no failed test: it crashed"
      return 1
    fi
  fi
}

close_tests() {
  local results="$1" crashed="$2" trx passed=0 failed=0 skipped=0 p f s
  for trx in "$results"/*.trx; do
    [[ -f "$trx" ]] || continue
    read -r p f s < <(trx_counts "$trx")
    passed=$((passed + p)); failed=$((failed + f)); skipped=$((skipped + s))
  done
  failed=$((failed + crashed))
  (( passed + failed > 0 )) || echo "no test ran"
  echo "$passed passed, $failed failed, $skipped skipped"
  (( failed == 0 && passed > 0 ))
}
