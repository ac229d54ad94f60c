#!/bin/sh
# Figures of Bulk Import: 5,000 rows with passwords beside argon2 alone on the same processors, and 100,000 rows with empty
# passwords: how long, and how much memory. Needs target/release/portico (make build).
cd "$(dirname "$0")/.."
. scripts/need.sh
need_c_compiler
need_postgres
command -v curl >/dev/null || apt "curl" curl

alone=$target/bench-hash
say "building benches/hash"
CARGO_TARGET_DIR=$alone cargo build --release --locked --manifest-path benches/hash/Cargo.toml

say "imports"
url=$(scripts/test-db.sh start)
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"; scripts/test-db.sh stop' EXIT
sql() { "$postgres_bin/psql" -X -q -t -A -v ON_ERROR_STOP=1 "$@"; }
sql "$url" -c "drop database if exists bench_import with (force)" -c "create database bench_import" 2>/dev/null
DATABASE_URL=$(echo "$url" | sed 's|/postgres?|/bench_import?|')
here=http://localhost:3973
# Captured mail would be written to files meanwhile: nobody answers at this port, so that it waits.
export DATABASE_URL PORTICO_DATA_DIR="$work" PORTICO_BIND=127.0.0.1:3973 PORTICO_BASE_URL=$here PORTICO_SMTP_URL=smtp://127.0.0.1:9
echo 'Arcade-2026!' | "$target/release/portico" owner create --email otto@kestrel.test --name Otto >/dev/null
sql "$DATABASE_URL" -c "update workspaces set seats = 200000"

start() {
    "$target/release/portico" serve >"$work/log" 2>&1 &
    server=$!
    until grep -q "Portico is at" "$work/log"; do kill -0 "$server" && sleep 0.1; done
    curl -sf -c "$work/jar" -H "Origin: $here" -d 'form[email]=otto@kestrel.test' -d 'form[password]=Arcade-2026!' "$here/api/sign-in" >/dev/null
}
peak() { sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$server/status" | awk '{ printf "%d MiB", $1 / 1024 }'; }
now() { date +%s.%N; }

# import FILE: dry run and import; prints the seconds of both.
import() {
    begun=$(now)
    at=$(curl -sf -o /dev/null -w '%{redirect_url}' -b "$work/jar" -H "Origin: $here" -F existing=skip -F "file=@$1" "$here/users/import")
    checked=$(now)
    curl -sf -b "$work/jar" -H "Origin: $here" -d "form[id]=${at##*/}" -d 'form[kind]=teammate' "$here/api/start-import" >/dev/null
    until [ "$(sql "$DATABASE_URL" -c "select state from imports where id = '${at##*/}'")" != running ]; do sleep 0.1; done
    ended=$(now)
    state=$(sql "$DATABASE_URL" -c "select state, rows_new from imports where id = '${at##*/}'")
    echo "$begun $checked $ended $state" | awk '{ printf "%.2f %.2f %s", $2 - $1, $3 - $2, $4 }'
}

rows() { awk -v n="$1" -v of="$2" -v password="$3" 'BEGIN {
    print "Email,Full name,Role,Group,Password"
    for (i = 0; i < n; i++) printf "%s%d@kestrel.test,Person %d,Member,,%s\r\n", of, i, i, password
}'; }

rows 5000 a Harbour-2026 >"$work/hashed.csv"
rows 100000 b "" >"$work/links.csv"
start
before=$("$alone/release/bench-hash" 5000)
hashed=$(import "$work/hashed.csv")
after=$("$alone/release/bench-hash" 5000)
echo "$before $after $hashed" | awk '{
    alone = ($1 + $2) / 2
    printf "5,000 rows with passwords: dry run %s s, import %s s (%s); argon2 alone %.2f s: %.2f of it\n", $3, $4, $5, alone, alone / $4
}'
echo "at most $(peak)"
kill "$server" && wait "$server" || true
start
idle=$(peak)
links=$(import "$work/links.csv")
echo "$links" | awk '{ printf "100,000 rows with empty passwords: dry run %s s, import %s s (%s)\n", $1, $2, $3 }'
echo "at most $(peak), $idle before"
