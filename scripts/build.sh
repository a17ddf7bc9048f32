# Builds the node where a source is newer than the last build. Messages go to stderr: stdout belongs to the program.
# Sourced by ./polysync; wants $root.

stamp="$root/.polysync/build.stamp"
program="$root/artifacts/node/PolyglotSync.SyncNode.dll"

# The files a build depends on, by name: a changed list (a deleted file) counts as newer too.
source_files() {
  (cd "$root" && find src standins hocon Directory.* global.json .polysync/flavour \
    \( -name obj -o -name bin \) -prune -o -type f -print "$@" 2>/dev/null || true)
}

# True (0) where the program is missing or older than its sources.
build_is_stale() {
  [[ -f "$program" && -f "$stamp" ]] || return 0
  [[ -n "$(cd "$root" && find src standins hocon Directory.* global.json .polysync/flavour \
    \( -name obj -o -name bin \) -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null)" ]] && return 0
  [[ "$(source_files | sort | cksum)" != "$(cat "$stamp")" ]]
}

# Compiled beforehand for this machine where the feed has the compiler for that, which halves the time of a start; else as it is.
publish_node() {
  dotnet publish "$root/src/SyncNode/SyncNode.csproj" -c Release -o "$root/artifacts/node" -v minimal --nologo "$@"
}

build_node() {
  build_is_stale || return 0
  require_dotnet
  mkdir -p "$root/.polysync"
  exec 9>"$root/.polysync/build.lock"
  if ! flock -n 9; then
    echo "polysync: another build is running; waiting for it" >&2
    flock 9
  fi
  if build_is_stale; then
    echo "polysync: building ..." >&2
    local log="$root/.polysync/build.log" next="$stamp.next"
    source_files | sort | cksum > "$next"
    if ! publish_node --use-current-runtime --no-self-contained -p:PublishReadyToRun=true > "$log" 2>&1 9>&- \
      && ! { grep -qiE 'NU1101.*crossgen|crossgen.*NU1101|NETSDK1094' "$log" && publish_node >> "$log" 2>&1 9>&-; }; then
      { grep -E '(error|warning) [A-Z]+[0-9]+' "$log" | sort -u | head -40; } >&2 || true
      echo "polysync: the build failed; the whole output is in $log" >&2
      exit 1
    fi
    mv "$next" "$stamp"
    grep -ohE 'PolyglotSync: built on .*' "$log" | head -1 >&2 || true
  fi
  exec 9>&-
}
