#!/bin/bash
# Run once by the image of PostgreSQL, when its volume is empty: a role and a database for each service.
set -euo pipefail
SECRETS=${SECRETS:-/run/secrets/codelab}

for name in auth_db agent_runtime; do
    psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
        --set name="$name" --set password="$(cat "$SECRETS/$name-password")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
