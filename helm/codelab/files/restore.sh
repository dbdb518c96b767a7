#!/bin/bash
# Restores both databases from a folder that backup.sh made: each in one transaction, so that it is as it was dumped, or untouched.
set -euo pipefail
: "${BACKUPS:?}" "${SECRETS:?}" "${FROM:?}"
# Seconds that the services may take to leave.
PATIENCE=${PATIENCE:-300}

if [ "$FROM" = latest ]; then
    FROM=$(cd "$BACKUPS" && ls -d 20*Z 2>/dev/null | sort | tail -1)
    [ -n "$FROM" ] || { echo "error: there is no dump in $BACKUPS" >&2; exit 1; }
fi
for database in auth_db agent_runtime; do
    [ -s "$BACKUPS/$FROM/$database.dump" ] || { echo "error: $FROM has no dump of $database" >&2; exit 1; }
done
others="SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
for database in auth_db agent_runtime; do
    until [ "$(psql --no-psqlrc --tuples-only --no-align --command="$others" --dbname="$(cat "$SECRETS/$database-url")")" = 0 ]; do
        [ "$SECONDS" -lt "$PATIENCE" ] || { echo "error: $database is still in use: stop the services first" >&2; exit 1; }
        sleep 1
    done
done
for database in auth_db agent_runtime; do
    pg_restore --clean --if-exists --no-owner --no-privileges --single-transaction --exit-on-error \
        --dbname="$(cat "$SECRETS/$database-url")" "$BACKUPS/$FROM/$database.dump"
    echo "$database: restored from $FROM"
done
