#!/bin/bash
# Dumps both databases into a folder of its own under BACKUPS, whole or not at all, and removes those older than KEEP_DAYS.
set -euo pipefail
umask 077
: "${BACKUPS:?}" "${SECRETS:?}" "${KEEP_DAYS:?}"

name=$(date -u +%Y-%m-%dT%H%M%SZ)
partial=$BACKUPS/.partial-$name
trap 'rm -rf "$partial"' EXIT
rm -rf "$BACKUPS"/.partial-*
mkdir "$partial"
for database in auth_db agent_runtime; do
    dump=$partial/$database.dump
    pg_dump --format=custom --no-owner --no-privileges --file="$dump" --dbname="$(cat "$SECRETS/$database-url")"
    # A dump whose table of contents cannot be read is none.
    pg_restore --list "$dump" >/dev/null
    sync "$dump"
    echo "$database: $(stat -c %s "$dump") bytes"
done
mv "$partial" "$BACKUPS/$name"
sync "$BACKUPS"
echo "kept as $name"

find "$BACKUPS" -mindepth 1 -maxdepth 1 -type d -name '20*Z' ! -name "$name" -mtime "+$KEEP_DAYS" -print -exec rm -rf {} +
