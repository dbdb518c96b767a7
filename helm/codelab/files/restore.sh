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
    # What is there goes first, tables of newer steps too: they would be in the way when the steps are applied again. Without the COMMIT, which only
    # a dump that was read to its end gets, everything stays as it was.
    {
        echo 'BEGIN; DROP OWNED BY CURRENT_USER CASCADE;'
        pg_restore --no-owner --no-privileges --file=- "$BACKUPS/$FROM/$database.dump" && echo 'COMMIT;'
    } | psql --no-psqlrc --quiet --output=/dev/null --set=ON_ERROR_STOP=1 --dbname="$(cat "$SECRETS/$database-url")"
    echo "$database: restored from $FROM"
done
