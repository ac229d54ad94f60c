#!/bin/sh
# Figures of invitations: 10,000 from one paste, and their mails in a mail server that takes everything, beside what a bare client
# reaches there; and the Invitations page by part of an address among 1,000,000. Needs target/release/portico (make build).
cd "$(dirname "$0")/.."
. scripts/need.sh
need_c_compiler
need_postgres
command -v curl >/dev/null || apt "curl" curl

mail=$target/bench-mail
say "building benches/mail"
CARGO_TARGET_DIR=$mail cargo build --release --locked --manifest-path benches/mail/Cargo.toml

say "invitations"
work=$(mktemp -d)
server=
sink=
trap 'kill $server $sink 2>/dev/null; wait; rm -rf "$work"' EXIT
here=http://localhost:3974
smtp=127.0.0.1:3975
# Its own cluster, so that what is committed is on the disk, as it is anywhere but in tests.
unset DATABASE_URL
export PORTICO_DATA_DIR="$work" PORTICO_BIND=127.0.0.1:3974 PORTICO_BASE_URL=$here PORTICO_SMTP_URL=smtp://$smtp
echo 'Arcade-2026!' | "$target/release/portico" owner create --email otto@kestrel.test --name Otto >/dev/null
"$mail/release/sink" $smtp 10000 >"$work/sink" &
sink=$!

sql() { "$postgres_bin/psql" -X -q -t -A -v ON_ERROR_STOP=1 -h "$work/postgres" -p 5432 -U portico portico "$@"; }
start() {
    "$target/release/portico" serve >"$work/log" 2>&1 &
    server=$!
    until grep -q "Portico is at" "$work/log"; do kill -0 "$server" && sleep 0.1; done
    curl -sf -c "$work/jar" -H "Origin: $here" -d 'form[email]=otto@kestrel.test' -d 'form[password]=Arcade-2026!' "$here/api/sign-in" >/dev/null
}
stop() { kill "$server" && wait "$server" || true; }
# Seconds of CPU that the server has used.
cpu() { awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) / tick }' "/proc/$server/stat"; }
# Waits for a number of lines of the sink, and prints the last.
sunk() {
    until [ "$(wc -l <"$work/sink")" = "$1" ]; do kill -0 "$server" && sleep 0.1; done
    tail -n 1 "$work/sink"
}

# What is sent counts towards the limits of an hour, so that each round has a server of its own. In turn, so that what else the
# machine does meets both.
for round in 1 2 3; do
    start
    sql -c "update workspaces set seats = 2000000"
    awk -v round="$round" 'BEGIN { for (i = 0; i < 10000; i++) printf "person%d@round%d.test\n", i, round }' >"$work/paste"
    before=$(cpu)
    made=$(curl -sf -o "$work/answer" -w '%{time_total}' -b "$work/jar" -H "Origin: $here" --data-urlencode "form[rows][0][emails]@$work/paste" \
        -d 'form[rows][0][role]=member' -d 'form[notify]=true' "$here/api/invite")
    sent=$(sunk $((round * 2 - 1)))
    after=$(cpu)
    "$mail/release/bare" $smtp 10000 "${sent#* }"
    echo "$made $before $after $sent $(sunk $((round * 2)))"
    stop
done | awk '
    { made += $1; cpu += $3 - $2; sent += $4; bytes = $5; bare += $6 }
    END {
        printf "10,000 invitations from one paste: %.2f s until the answer, %d a second\n", made / NR, 10000 * NR / made
        printf "their mails, %d bytes each: %d a second, the bare client %d: %.2f of it; %.2f ms of CPU of the server for an invitation and its mail\n",
            bytes, 10000 * NR / sent, 10000 * NR / bare, bare / sent, cpu / NR / 10
    }'

start
# The page is looked at while nothing else is done.
sql -f benches/invitations.sql -c "vacuum analyze invitations" -c checkpoint
# page PART: milliseconds of fifty requests, one after another.
page() {
    for n in $(seq 55); do
        curl -sf -o "$work/page" -w '%{time_total}\n' -b "$work/jar" -H 'Accept: text/html' "$here/invitations?q=$1"
    done | tail -n 50 | sort -n >"$work/times"
    rows=$(grep -o 'href="/invitations/[0-9a-f-]\{36\}"' "$work/page" | sort -u | wc -l)
    awk -v rows="$rows" '{ ms[NR] = $1 * 1000 } END { printf "p50 %.1f ms, p95 %.1f ms (%d rows)\n", ms[25], ms[48], rows }' "$work/times"
}
echo "Invitations among 1,000,000, without a search: $(page '')"
echo "  a part that every fourth has: $(page granite)"
echo "  that one has: $(page quixotic)"
echo "  that none has: $(page zeppelin)"
stop
