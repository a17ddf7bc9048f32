#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml, at random, each once: those that are there stay. Containers run as users of their own, so the files are readable by all; the folder is yours alone.
#   bash deploy/compose/secrets.sh [FOLDER]
set -euo pipefail
folder="${1:-${POLYSYNC_SECRETS:-$(dirname "${BASH_SOURCE[0]}")/secrets}}"
umask 077
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

keep() {
  local file="$folder/$1"
  if [[ -s "$file" ]]; then return; fi
  cat > "$file"
  chmod 644 "$file"
  echo "made $file"
}

random | keep postgres_password
printf 'postgres:5432:social:polysync:%s\npostgres:5432:social:app:%s\n' "$(random)" "$(random)" | keep pgpass
random | keep neo4j_password
printf 'neo4j/%s' "$(cat "$folder/neo4j_password")" | keep neo4j_auth
random | keep api_token
