#!/usr/bin/env bash
# The tests' own PostgreSQL: one throw-away cluster a checkout, shared by all test processes.
#   tests/postgres.sh start   starts it unless it runs, and prints its address
#   tests/postgres.sh stop    stops and deletes it
# Nothing in it is kept or synced to disk. It listens on loopback only and asks for no password.
set -euo pipefail

checkout=$(cd "$(dirname "$0")/.." && pwd -P)
name=$(printf '%s' "$checkout" | cksum | cut -d' ' -f1)
# Not $TMPDIR: every parent must be searchable by the user that the server runs as.
dir=/tmp/bujianmian-postgres-$name-$(id -u)

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL's server programs (initdb, pg_ctl) are not installed" >&2; exit 1; }

# PostgreSQL refuses to run as root. 9 is the lock: a server that inherited it would hold it for ever.
as_server() {
  if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@") 9>&-; else (cd / && "$@") 9>&-; fi
}

running() { [ -s "$dir/url" ] && "$bin/pg_isready" -q -d "$(cat "$dir/url")"; }

remove() {
  as_server "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}

create() {
  mkdir -m 755 "$dir"
  [ "$(id -u)" != 0 ] || chown postgres "$dir"
  as_server "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 \
    || { cat "$dir/initdb.log" >&2; exit 1; }
  local first=$((20000 + name % 10000)) port options
  for port in $(seq "$first" $((first + 30))); do
    options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c max_connections=300"
    options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
    if as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "$options" start >/dev/null 2>&1; then
      echo "postgres://postgres@127.0.0.1:$port/postgres" >"$dir/url"
      return
    fi
  done
  cat "$dir/log" >&2
  exit 1
}

exec 9>"$dir.lock"
flock 9
case "${1:-}" in
  start)
    running || { remove; create; }
    cat "$dir/url"
    ;;
  stop) remove ;;
  *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
