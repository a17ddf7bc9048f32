#!/usr/bin/env bash
# At the first start: whose the tables are, and who may read and replicate them.
set -euo pipefail
password() { sed -n "s/^postgres:5432:social:$1://p" /run/secrets/pgpass; }
# by the environment, since arguments are in the list of processes
APP_PASSWORD="$(password app)" POLYSYNC_PASSWORD="$(password polysync)" \
  psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" <<'SQL'
\getenv app APP_PASSWORD
\getenv polysync POLYSYNC_PASSWORD
CREATE ROLE app LOGIN PASSWORD :'app';
CREATE ROLE polysync LOGIN REPLICATION PASSWORD :'polysync';
CREATE SCHEMA load_social AUTHORIZATION app;
-- reads every table, owns none
GRANT pg_read_all_data TO polysync;
-- for its schema of dead letters and requests
SELECT format('GRANT CREATE ON DATABASE %I TO polysync', current_database()) \gexec
-- The role that replicates owns no table, so it cannot make the publication itself.
CREATE PUBLICATION polysync_social FOR ALL TABLES WITH (publish_via_partition_root = true);
SQL
