#!/bin/sh
# A PostgreSQL cluster for tests, with its safety off for speed, on a Unix socket and no network.
# usage: test-db.sh start   starts it, where it does not run yet, and prints its DATABASE_URL
#        test-db.sh stop    stops it; its files stay, so that the next start is quick
cd "$(dirname "$0")/.."
. scripts/need.sh
need_postgres

# A cluster for each checkout. In /tmp and short, since the path of a socket has 107 bytes at most.
home=/tmp/portico-test-$(pwd | cksum | cut -d ' ' -f 1)-$postgres_major

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
running() { [ -d "$home/data" ] && as_owner "$postgres_bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; }

start() {
    # Whoever may enter the folder may do anything in the cluster. mkdir fails on a folder that someone else put there.
    as_owner mkdir -m 700 "$home" 2>/dev/null || as_owner test -O "$home" ||
        { echo "portico: $home belongs to someone else: remove it" >&2 && exit 1; }
    # What the last line of initdb's work is not there for was broken off.
    if ! as_owner test -e "$home/ready"; then
        say "making a PostgreSQL cluster for tests in $home"
        as_owner rm -rf "$home/data"
        as_owner "$postgres_bin/initdb" -D "$home/data" -U portico -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
        as_owner touch "$home/ready"
    fi
    running || as_owner "$postgres_bin/pg_ctl" -D "$home/data" -l "$home/log" -w start -o "-k $home -c listen_addresses= \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" >/dev/null ||
        { echo "portico: the test cluster does not start:" >&2 && as_owner tail "$home/log" >&2 && exit 1; }
    echo "postgres://portico@localhost/postgres?host=$home"
}

case ${1:-} in
start) start ;;
stop) ! running || as_owner "$postgres_bin/pg_ctl" -D "$home/data" -m fast -w stop >/dev/null ;;
*) echo "usage: scripts/test-db.sh start|stop" >&2 && exit 2 ;;
esac
