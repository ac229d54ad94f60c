#!/bin/sh
# Writes .sqlx, what the query macros know of the database, so that a build needs none. usage: sqlx-data.sh [--check];
# with --check it changes nothing and fails where .sqlx is out of date.
cd "$(dirname "$0")/.."
. scripts/need.sh
need_rust
need_postgres

new=$(mktemp -d)
trap 'scripts/test-db.sh stop; rm -rf "$new"' EXIT
url=$(scripts/test-db.sh start)
database() { "$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 -d "$1" ${2:+"$2" "$3"}; }

say "migrations on a new database"
database "$url" -c 'drop database if exists sqlx_data with (force)'
database "$url" -c 'create database sqlx_data'
url="postgres://portico@localhost/sqlx_data?${url#*\?}"
for migration in migrations/*.sql; do
    PGOPTIONS='-c client_min_messages=warning' database "$url" -f "$migration"
done

say "queries"
# The macros write when they run, and cargo does not know that the database is one of their inputs.
cargo clean --quiet --profile dev -p portico
env SQLX_OFFLINE=false SQLX_OFFLINE_DIR="$new" DATABASE_URL="$url" cargo check --features ssr --all-targets

mkdir -p .sqlx
if [ "${1:-}" = --check ]; then
    diff -r .sqlx "$new" >/dev/null || { echo "portico: .sqlx is out of date: run make sqlx-data" >&2 && exit 1; }
else
    rm -f .sqlx/query-*.json
    find "$new" -name 'query-*.json' -exec cp {} .sqlx/ ';'
    say ".sqlx: $(find .sqlx -name 'query-*.json' | wc -l) queries"
fi
