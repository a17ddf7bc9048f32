# Builds the test projects once, runs them, prints one closing line and fails where a test failed, crashed, or none ran.
# Sourced by ./polysync; wants $root and setup.sh.

# Without a word: all but those that carry [Trait("Length", "Long")]; `all` runs these too. Tests that start servers carry [Trait("Category", "Integration")]; whole projects of them are named here.
is_integration_project() { [[ "$1" =~ (Integration|Compliance|Faults)(\.|$) ]]; }

is_project() { compgen -G "$root/tests/*/*.csproj" | grep -qiE "/$1(\.tests)?\.csproj\$"; }

run_tests() {
  local coverage="" words=() argument
  for argument in "$@"; do if [[ "$argument" == --coverage ]]; then coverage=yes; else words+=("$argument"); fi; done
  set -- "${words[@]}"
  local word="${1:-usual}" filter="" project name results only="" fault_runs=""
  if [[ "$word" == faults ]]; then shift; read_fault_options "$@" || return 2; fi
  case "$word" in
    unit) filter="Category!=Integration" ;;
    integration) filter="Category=Integration" ;;
    usual) filter="Length!=Long"; export POLYSYNC_FAULT_SECONDS="${POLYSYNC_FAULT_SECONDS:-10}"; echo "polysync: tests marked as long are left out; './polysync test all' runs them too" >&2 ;;
    all) ;;
    *) only="$word" ;;
  esac
  if [[ "$word" == unit ]]; then require_dotnet; mkdir -p "$root/.polysync"; [[ -f "$root/.polysync/flavour" ]] || probe_feed
  else setup_when_missing all || echo "polysync: going on without; tests that need what is missing are skipped by name" >&2
  fi
  # beside the build, which takes longer
  local tools=""
  if [[ "${word,,}" =~ ^(usual|all|deploy(\.tests)?)$ ]]; then source "$root/scripts/deploy-tools.sh"; install_deploy_tools & tools=$!; fi
  POLYSYNC_VALKEY_SERVER="$(find_valkey || true)"
  POLYSYNC_FALKORDB_MODULE="$(find_module || true)"
  POLYSYNC_PG_BIN="$(find_postgres || true)"
  export POLYSYNC_VALKEY_SERVER POLYSYNC_FALKORDB_MODULE POLYSYNC_PG_BIN

  results="$root/.polysync/test-results"
  rm -rf "$results"
  mkdir -p "$results"
  export POLYSYNC_FAULT_REPORT="$results/fault-runs.txt"
  # programs that live for seconds: what they would learn about themselves for later costs an eighth of their time
  export DOTNET_TieredPGO=0
  exec 9>"$root/.polysync/build.lock"
  flock 9
  echo "polysync: building the tests ..." >&2
  if ! dotnet build "$root/PolyglotSync.sln" -c Release -v minimal --nologo ${coverage:+-p:Coverage=true} > "$root/.polysync/test-build.log" 2>&1 9>&-; then
    { grep -E 'error [A-Z]+[0-9]+' "$root/.polysync/test-build.log" | sort -u | head -40; } >&2 || true
    echo "polysync: the tests do not build; the whole output is in $root/.polysync/test-build.log" >&2
    echo "0 passed, 1 failed, 0 skipped"
    return 1
  fi
  exec 9>&-
  [[ -z "$tools" ]] || wait "$tools" || true

  # Two at a time, since most wait for servers half of their time; what breaks things on purpose, and minds the time, runs alone.
  local lanes=(Integration "") lane
  for project in "$root"/tests/*/*.csproj; do
    name="$(basename "$project" .csproj)"
    grep -q 'Microsoft.NET.Test.Sdk' "$project" && [[ " ${lanes[*]} Faults " != *" $name "* ]] && lanes[1]+=" $name"
  done
  : > "$results/crashed"
  for lane in "${lanes[@]}"; do
    ( for name in $lane; do run_project "$name"; done ) &
  done
  wait
  run_project Faults
  if [[ -n "$coverage" ]]; then source "$root/scripts/coverage.sh"; print_coverage "$results"; fi
  close_tests "$results" "$(wc -l < "$results/crashed")"
}

# One test project, of which the words after `test` may have left out all or a part; wants run_tests' variables.
run_project() {
  local name="$1" project="$root/tests/$1/$1.csproj" project_filter="$filter" rc=0 started=$SECONDS shown="" log="$results/$1.log"
  if is_integration_project "$name"; then
    [[ "$word" == unit ]] && return
    [[ "$word" == integration ]] && project_filter=""
  fi
  if [[ -n "$only" ]]; then
    project_filter="FullyQualifiedName~$only"
    # a project's own name means that project, not the tests elsewhere that have the word in theirs
    if [[ "${name,,}" == "${only,,}" || "${name,,}" == "${only,,}.tests" ]]; then project_filter="$fault_runs"
    elif is_project "$only"; then return
    fi
  fi
  if [[ "$name" == Faults ]]; then : > "$POLYSYNC_FAULT_REPORT"; tail -n +1 -f --pid=$$ "$POLYSYNC_FAULT_REPORT" & shown=$!; fi
  dotnet test "$project" -c Release --no-build --nologo -v quiet --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
    ${coverage:+--collect "XPlat Code Coverage" --settings "$root/scripts/coverage.runsettings" -p:Coverage=true} ${project_filter:+--filter "$project_filter"} > "$log" 2>&1 < /dev/null || rc=$?
  if [[ -n "$shown" ]]; then
    sleep 1; kill "$shown"; wait "$shown" 2>/dev/null || true
    [[ "$word" != faults ]] || fault_table "$POLYSYNC_FAULT_REPORT"
  fi
  report_project "$name" "$rc" "$results/$name.trx" "$log" "$((SECONDS - started))" > "$results/$name.report" || echo "$name" >> "$results/crashed"
  cat "$results/$name.report"
}


# After `faults`: which random runs (one line each as they end), and nothing but them. Without a word: two runs, and every named test, those of minutes too.
read_fault_options() {
  while (( $# > 0 )); do
    if [[ "$1" == --target && ! "${2:-}" =~ ^(neo4j|falkor)$ ]]; then echo "polysync: --target is neo4j or falkor" >&2; return 2; fi
    if [[ "$1" == --transport && ! "${2:-}" =~ ^(direct|kafka)$ ]]; then echo "polysync: --transport is direct or kafka" >&2; return 2; fi
    if [[ "$1" != --target && "$1" != --transport && ! "${2:-}" =~ ^[0-9]+$ ]]; then echo "polysync: '$1' wants a number after it" >&2; return 2; fi
    case "$1" in
      --runs) export POLYSYNC_FAULT_RUNS="$2" ;;
      --seed) export POLYSYNC_FAULT_SEED="$2" ;;
      --seconds) export POLYSYNC_FAULT_SECONDS="$2" ;;
      --target) export POLYSYNC_FAULT_TARGET="$2" ;;
      --transport) export POLYSYNC_FAULT_TRANSPORT="$2" ;;
      *) echo "polysync: test faults takes --runs N, --seed S, --seconds N (of load in each run), --transport direct|kafka and --target neo4j|falkor, not '$1'" >&2; return 2 ;;
    esac
    fault_runs="FullyQualifiedName~FaultRunTests"
    shift 2
  done
}

# In how many of the random runs each fault was, and how many of these failed.
fault_table() {
  awk -F'; ' '{
      failed = $1 ~ / FAILED /; count = split($2, faults, /, |\+/); split("", seen)
      for (i = 1; i <= count; i++) { sub(/@.*/, "", faults[i]); if (faults[i] in seen) continue; seen[faults[i]] = 1; runs[faults[i]]++; failures[faults[i]] += failed }
    }
    END { for (fault in runs) printf "  %-42s %4d runs %4d failed\n", fault, runs[fault], failures[fault] | "sort" }' "$1"
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

# The tests of a trx file with an outcome, one a line, what it says of each (a skip's reason, a failure's message, first frames and last lines of its log) indented below.
trx_tests() {
  awk -v wanted="$2" '
    function plain(text) { gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&#xD;/, "", text); gsub(/&amp;/, "\\&", text); return text }
    /<UnitTestResult / {
      shown = index($0, "outcome=\"" wanted "\"") > 0; said = 0; told = 0; telling = 0
      if (shown && match($0, /testName="[^"]*"/)) print "    " plain(substr($0, RSTART + 10, RLENGTH - 11))
    }
    shown && /<Message>/ { inside = 1 }
    shown && /<StackTrace>/ { inside = 2; said = 0 }
    inside {
      line = $0; gsub(/<\/?(Message|StackTrace)>/, "", line); sub(/^[ \t]+/, "", line)
      if (line != "" && (inside == 1 || line ~ /PolyglotSync/) && said++ < 8) print "        " plain(line)
    }
    /<\/(Message|StackTrace)>/ { inside = 0 }
    shown && wanted == "Failed" && /<StdOut>/ { telling = 1; sub(/.*<StdOut>/, "") }
    telling { line = $0; sub(/<\/StdOut>.*/, "", line); log_lines[told++] = plain(line) }
    /<\/StdOut>/ { telling = 0 }
    /<\/UnitTestResult>/ {
      if (shown && told > 0) { print "        its log ends:"; for (i = (told > 12 ? told - 12 : 0); i < told; i++) print "          " substr(log_lines[i], 1, 300) }
      shown = 0; inside = 0
    }' "$1"
}

# One line a project, then what was skipped or failed by name and why. Returns 1 where the runner crashed.
report_project() {
  local name="$1" rc="$2" trx="$3" log="$4" seconds="$5" passed=0 failed=0 skipped=0
  if [[ -f "$trx" ]]; then read -r passed failed skipped < <(trx_counts "$trx"); fi
  (( passed + failed + skipped == 0 && rc == 0 )) && return 0
  printf '%-28s %5d passed %4d failed %4d skipped  %4d s\n' "$name" "$passed" "$failed" "$skipped" "$seconds"
  if (( skipped > 0 )); then echo "  skipped:"; trx_tests "$trx" NotExecuted; fi
  if (( failed > 0 )); then echo "  failed:"; trx_tests "$trx" Failed; fi
  if (( rc != 0 && failed == 0 )); then
    grep -vE '^\s*$' "$log" | tail -60
    echo "$name: the runner ended with $rc and no failed test: it crashed"
    return 1
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
