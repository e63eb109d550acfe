#!/usr/bin/env bash
# A throwaway PostgreSQL for the tests: postgres.sh start DIR prints a connection string, postgres.sh stop DIR ends it.
set -euo pipefail
action=$1 dir=$2
initdb=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb | tail -1)
bin=$(dirname "$(readlink -f "$initdb")")
as=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$dir"
  as=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
chmod 700 "$dir"
cd "$dir"
if [ "$action" = stop ]; then
  exec "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate stop
fi
port=$((20000 + RANDOM % 20000))
"${as[@]}" "$bin/initdb" -D "$dir/data" -U app -A trust -E UTF8 --locale=C --no-sync >/dev/null
cat >>"$dir/data/postgresql.conf" <<C
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
fsync = off
max_connections = 300
C
"${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 30 start >/dev/null
echo "Host=127.0.0.1;Port=$port;Username=app;Database=postgres"
