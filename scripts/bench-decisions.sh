#!/bin/sh
# Figures of decisions: `access::decide` beside Cedar, and the decision API beside a handler that answers the same every time.
# Needs target/release/portico (make build).
cd "$(dirname "$0")/.."
. scripts/need.sh
need_c_compiler
need_postgres
command -v wrk >/dev/null || apt "wrk" wrk

# A package and a target folder of their own: Cedar is not built with Portico.
decide=$target/bench-decide
say "building benches/decide"
CARGO_TARGET_DIR=$decide cargo build --release --locked --manifest-path benches/decide/Cargo.toml
say "decide beside Cedar"
"$decide/release/bench-decide"

say "decisions over HTTP"
url=$(scripts/test-db.sh start)
work=$(mktemp -d)
servers=
trap 'kill $servers 2>/dev/null; rm -rf "$work"; scripts/test-db.sh stop' EXIT
sql() { "$postgres_bin/psql" -X -q -t -A -v ON_ERROR_STOP=1 "$@"; }
sql "$url" -c "drop database if exists bench_decisions with (force)" -c "create database bench_decisions" 2>/dev/null
DATABASE_URL=$(echo "$url" | sed 's|/postgres?|/bench_decisions?|')
export DATABASE_URL PORTICO_DATA_DIR="$work" PORTICO_BIND=127.0.0.1:3971 PORTICO_BASE_URL=http://localhost:3971
# The first server makes the workspace.
"$target/release/portico" migrate >/dev/null
"$target/release/portico" serve >"$work/log" 2>&1 &
servers=$!
until grep -q "Portico is at" "$work/log"; do kill -0 "$servers" && sleep 0.1; done
key=$(sql "$DATABASE_URL" -f benches/seed.sql)
"$decide/release/constant" 127.0.0.1:3972 "$key" &
servers="$servers $!"

# ask PORT BATCH SECONDS: requests a second, and what went wrong.
ask() { wrk -t 2 -c 32 -d "$3" -s benches/questions.lua "http://127.0.0.1:$1" -- "$key" "$2" | tail -n 1; }
# Everybody is read from the database once.
ask 3971 100 5 >/dev/null
for batch in 1 100; do
    ask 3971 "$batch" 2 >/dev/null
    ask 3972 "$batch" 2 >/dev/null
    # In turn, so that what else the machine does meets both.
    for round in 1 2 3; do
        echo "$(ask 3972 "$batch" 4) $(ask 3971 "$batch" 4)"
    done | awk -v batch="$batch" '
        { constant += $1; decisions += $3; wrong += $2 + $4 }
        END {
            printf "%d at once: %d decisions/s (%d requests/s), the constant handler %d requests/s: %.2f of it; %d errors\n",
                batch, batch * decisions / NR, decisions / NR, constant / NR, decisions / constant, wrong
        }'
done
