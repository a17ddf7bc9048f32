# Installs what is missing: PostgreSQL, Valkey, the embedded graph's module, the NuGet packages. Safe to run twice.
# Sourced by ./polysync; wants $root.

embedded_package="@falkordblite/linux-x64@8.2.3-falkordb.4.16.3"
embedded="$root/.polysync/embedded"

say() { echo "polysync: $*" >&2; }

require_dotnet() {
  if ! command -v dotnet > /dev/null; then
    say "the .NET 10 SDK is missing; install it (package dotnet-sdk-10.0, https://dotnet.microsoft.com/download) and try again"
    exit 1
  fi
  if ! (cd "$root" && dotnet --version > /dev/null 2>&1); then
    say "no .NET SDK that global.json accepts ($(sed -nE 's/.*"version": *"([^"]+)".*/\1/p' "$root/global.json")); installed: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')"
    exit 1
  fi
}

# Prints the bin folder of a PostgreSQL server, version 14 or later; the newest where there are several.
find_postgres() {
  local dir version
  for dir in ${POLYSYNC_PG_BIN:+"$POLYSYNC_PG_BIN"} $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -rV) \
    "$(dirname "$(command -v postgres 2>/dev/null || echo /nowhere/postgres)")"; do
    [[ -x "$dir/postgres" && -x "$dir/initdb" ]] || continue
    version="$("$dir/postgres" --version | grep -oE '[0-9]+' | head -1)"
    if (( version >= 14 )); then echo "$dir"; return 0; fi
  done
  return 1
}

# Prints a server that can load the module: Valkey, or Redis 7.2 and later.
find_valkey() {
  local candidate version
  for candidate in ${POLYSYNC_VALKEY_SERVER:+"$POLYSYNC_VALKEY_SERVER"} /usr/bin/valkey-server "$(command -v valkey-server 2>/dev/null || true)" \
    "$(command -v redis-server 2>/dev/null || true)" "$embedded/bin/redis-server"; do
    [[ -n "$candidate" && -x "$candidate" ]] || continue
    version="$("$candidate" --version 2>/dev/null | grep -oE 'v=[0-9]+\.[0-9]+' | cut -c3-)" || continue
    [[ -n "$version" ]] || continue
    if [[ "$(basename "$candidate")" == valkey* ]] || [[ "$(printf '%s\n7.2\n' "$version" | sort -V | head -1)" == 7.2 ]]; then
      echo "$candidate"; return 0
    fi
  done
  return 1
}

find_module() {
  local module="${POLYSYNC_FALKORDB_MODULE:-$embedded/bin/falkordb.so}"
  [[ -f "$module" ]] && echo "$module"
}

has_libgomp() {
  ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1' || /sbin/ldconfig -p 2>/dev/null | grep -q 'libgomp\.so\.1' \
    || compgen -G '/usr/lib/*/libgomp.so.1' > /dev/null
}

# The system's librdkafka: what Confluent.Kafka runs on where the feed lacks its native package.
has_librdkafka() {
  [[ -f "${LibRdKafka:-}" ]] || compgen -G '/usr/lib/*/librdkafka.so.1' > /dev/null || [[ -f /usr/lib64/librdkafka.so.1 || -f /usr/lib/librdkafka.so.1 ]]
}

has_npm() { command -v npm > /dev/null && command -v node > /dev/null; }

is_root() { [[ "$(id -u)" == 0 ]]; }

# Debian installs services started: a policy of 101 keeps them down while we install.
apt_install() {
  local policy=/usr/sbin/policy-rc.d made="" rc=0
  if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy" && chmod +x "$policy" && made=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > "$root/.polysync/apt.log" 2>&1 || rc=$?
  [[ -n "$made" ]] && rm -f "$policy"
  if (( rc != 0 )); then
    tail -5 "$root/.polysync/apt.log" >&2
    say "apt-get install $* failed; the whole output is in $root/.polysync/apt.log"
  fi
  return $rc
}

apt_update_once() {
  [[ -n "${apt_updated:-}" ]] && return 0
  say "reading the package lists ..."
  apt-get update -qq > "$root/.polysync/apt.log" 2>&1 || say "apt-get update complained (see $root/.polysync/apt.log); going on"
  apt_updated=1
}

# Valkey is not in Debian 12 itself but in its backports: the archive's address and key are taken from the machine's own sources.
add_backports() {
  local codename uri="" key="" file target=/etc/apt/sources.list.d/polysync-backports.sources
  codename="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
  [[ -n "$codename" ]] || return 1
  [[ -f "$target" ]] && return 0
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -f "$file" ]] || continue
    read -r uri key < <(awk -v suite="$codename" '
      function done_() { if (uri != "" && fits) { print uri, key; found = 1; exit } uri = ""; key = ""; fits = 0 }
      /^[[:space:]]*$/ { done_(); next }
      /^URIs:/ { uri = $2 }
      /^Signed-By:/ { key = $2 }
      /^Suites:/ { for (i = 2; i <= NF; i++) if ($i == suite) fits = 1 }
      END { if (!found) done_() }' "$file") || true
    [[ -n "$uri" ]] && break
  done
  if [[ -z "$uri" ]]; then
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [[ -f "$file" ]] || continue
      read -r uri key < <(sed -nE "s/^deb +(\[([^]]*)\] +)?([^ ]+) +$codename +.*/\3 \2/p" "$file" | head -1) || true
      key="$(grep -oE 'signed-by=[^] ]+' <<< "$key" | cut -d= -f2 || true)"
      [[ -n "$uri" ]] && break
    done
  fi
  [[ -n "$uri" ]] || return 1
  {
    echo "Types: deb"
    echo "URIs: $uri"
    echo "Suites: $codename-backports"
    echo "Components: main"
    [[ -n "$key" ]] && echo "Signed-By: $key"
    true
  } > "$target"
  apt-get update -qq > "$root/.polysync/apt.log" 2>&1 || { rm -f "$target"; return 1; }
}

install_valkey() {
  apt_update_once
  local codename
  codename="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")"
  if apt-cache policy valkey-server 2>/dev/null | grep -qE 'Candidate: [0-9]'; then
    apt_install valkey-server
  else
    add_backports && apt_install -t "$codename-backports" valkey-server
  fi
}

fetch_module() {
  local fresh
  mkdir -p "$root/.polysync"
  fresh="$(mktemp -d "$root/.polysync/embedded.XXXXXX")"
  say "fetching the embedded graph ($embedded_package) ..."
  if (cd "$fresh" && npm pack --silent "$embedded_package" > /dev/null 2> npm.log && tar -xzf ./*.tgz && test -f package/bin/falkordb.so); then
    rm -rf "$embedded" && mv "$fresh/package" "$embedded"
    rm -rf "$fresh"
  else
    tail -5 "$fresh/npm.log" >&2 || true
    rm -rf "$fresh"
    return 1
  fi
}

# True (0) where the NuGet cache that is in force now holds the card's packages: the build looks there, whatever was asked before.
cache_has_card() {
  local version
  version="$(sed -nE 's/.*<AkkaVersion>([^<]+)<.*/\1/p' "$root/Directory.Build.props" | head -1)"
  [[ -d "${NUGET_PACKAGES:-${HOME:-/root}/.nuget/packages}/akka/$version" ]]
}

# Asks the feed for the card's packages once; the answer is kept until the versions or the cache change, or `setup --again`.
probe_feed() {
  local flavour="$root/.polysync/flavour" versions
  versions="$(cat "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/.ci/probe/Probe.csproj" | cksum | cut -d' ' -f1)"
  if [[ -f "$flavour" && "$(cut -d' ' -f1 "$flavour")" == "$versions" && -z "${again:-}" ]]; then
    if [[ "$(cut -d' ' -f2 "$flavour")" != real ]] || cache_has_card; then return 0; fi
  fi
  say "asking the package feed for Akka.NET and Neo4j.Driver ..."
  mkdir -p "$root/.polysync"
  if dotnet restore "$root/.ci/probe/Probe.csproj" -p:StandIns=false -v quiet --nologo > "$root/.polysync/probe.log" 2>&1; then
    echo "$versions real" > "$flavour"
    # closed source, and not everywhere where Akka.NET is: a node does without
    dotnet restore "$root/.ci/probe/pbm/Pbm.csproj" -p:StandIns=false -p:Pbm=true -v quiet --nologo >> "$root/.polysync/probe.log" 2>&1 || say "the feed has no Petabridge.Cmd: nodes are built without a host for pbm"
  elif grep -qE 'NU1101|NU1102|NU1103' "$root/.polysync/probe.log"; then
    echo "$versions stand-ins" > "$flavour"
  else
    tail -3 "$root/.polysync/probe.log" >&2
    say "the feed did not answer; the build takes what the NuGet cache holds. './polysync setup --again' asks once more"
    return 0
  fi
}

# The real Confluent.Kafka brings its own.
needs_librdkafka() { [[ "$(cut -d' ' -f2 "$root/.polysync/flavour" 2>/dev/null || true)" != real ]]; }

flavour_in_words() {
  case "$(cut -d' ' -f2 "$root/.polysync/flavour" 2>/dev/null || true)" in
    real) echo "the real Akka.NET and Neo4j.Driver packages" ;;
    stand-ins) echo "stand-ins (the feed lacks Akka.NET or Neo4j.Driver)" ;;
    *) echo "whatever the NuGet cache holds" ;;
  esac
}

# What is missing for a command: names, one a line. Nothing printed: all there.
missing() {
  [[ "$1" == demo-neo4j ]] && { find_postgres > /dev/null || echo postgresql; return 0; }
  find_postgres > /dev/null || echo postgresql
  find_valkey > /dev/null || echo valkey-server
  has_libgomp || echo libgomp1
  if [[ "$1" == all ]] && needs_librdkafka && ! has_librdkafka; then echo librdkafka1; fi
  find_module > /dev/null || echo falkordb-module
}

setup_when_missing() {
  [[ -z "$(missing "$1")" && -f "$root/.polysync/flavour" ]] || setup
}

setup() {
  local again="" item failed=0
  [[ "${1:-}" == --again ]] && again=1
  require_dotnet
  mkdir -p "$root/.polysync"
  if is_root && command -v apt-get > /dev/null; then
    find_postgres > /dev/null || { apt_update_once; say "installing PostgreSQL ..."; apt_install postgresql || true; }
    has_libgomp || { apt_update_once; apt_install libgomp1 || true; }
    if ! find_module > /dev/null; then
      has_npm || { apt_update_once; say "installing npm ..."; apt_install npm || true; }
    fi
  fi
  if ! find_module > /dev/null; then
    if [[ "$(uname -sm)" != "Linux x86_64" ]]; then
      say "the embedded graph exists for Linux on x86_64 only; use --target bolt://… here"
    elif has_npm; then
      fetch_module || say "the embedded graph could not be fetched"
    fi
  fi
  if ! find_valkey > /dev/null && is_root && command -v apt-get > /dev/null; then
    say "installing Valkey ..."
    install_valkey || say "Valkey could not be installed"
  fi
  probe_feed
  if needs_librdkafka && ! has_librdkafka && is_root && command -v apt-get > /dev/null; then
    apt_update_once
    say "installing librdkafka ..."
    apt_install librdkafka1 || true
  fi

  for item in $(missing all); do
    failed=1
    case "$item" in
      postgresql) say "missing: a PostgreSQL server, 14 or later. As root: apt-get install postgresql" ;;
      valkey-server) say "missing: Valkey 8 (or Redis 7.2 and later). As root: apt-get install valkey-server (Debian 12: from bookworm-backports); or set POLYSYNC_VALKEY_SERVER" ;;
      libgomp1) say "missing: libgomp. As root: apt-get install libgomp1" ;;
      librdkafka1) say "missing: librdkafka, for Kafka. As root: apt-get install librdkafka1" ;;
      falkordb-module) say "missing: the embedded graph. Needs npm (as root: apt-get install npm), or set POLYSYNC_FALKORDB_MODULE to a falkordb.so" ;;
    esac
  done
  if (( failed )); then
    say "setup is not complete; run it as root to have it install these"
    return 1
  fi
  say "ready: PostgreSQL in $(find_postgres), graph on $(find_valkey), built on $(flavour_in_words)"
}
