#!/usr/bin/env bash
# Fills the social world's tables; a second run adds nothing.
set -euo pipefail
PGPASSWORD="$(sed -n 's/^postgres:5432:social:app://p' /run/secrets/pgpass)" exec psql --no-psqlrc --set ON_ERROR_STOP=1 --set users="${DEMO_USERS:-20000}" \
  --host postgres --username app --dbname social --file /demo/demo-data.sql
