#!/usr/bin/env bash
# Bytes over HTTP against nginx on this machine: PUT and GET of 1 GiB, and 50 KiB ranges of it over keep-alive connections.
# usage: bench/bytes.sh [rounds, 7 unless told]
# The two servers take turns. Compare medians on a quiet machine; best values and CPU time say more on a noisy one.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-7}

for tool in nginx wrk curl; do
    command -v "$tool" >/dev/null && continue
    apt-get update -q && apt-get install -y -q nginx-light wrk curl
    break
done
dotnet build -c Release -v q --nologo bench/Benchmarks >/dev/null

work=$(mktemp -d)
source=$(mktemp -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
pids=()
finish() {
    kill "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
    rm -rf "$work" "$source"
}
trap finish EXIT

# nginx's own paths must be writable to its workers; PUT lands on the same file system as ours.
mkdir "$work"/{root,body,other,store}
mkdir -p "$work"/store/objects
chmod -R 777 "$work"
cat >"$work/nginx.conf" <<CONF
worker_processes auto; daemon off; pid $work/nginx.pid; error_log $work/nginx.log;
events {}
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0;
    client_body_temp_path $work/body; proxy_temp_path $work/other; fastcgi_temp_path $work/other;
    uwsgi_temp_path $work/other; scgi_temp_path $work/other;
    server { listen 127.0.0.1:18090; location / { root $work/root; dav_methods PUT; create_full_put_path on; } }
}
CONF
nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
pids+=($!)
bench/Benchmarks/bin/Release/net10.0/Waybill.Benchmarks bytes-host 18091 "$work/store" &
ours=$!
pids+=($ours)
declare -A port=([nginx]=18090 [waybill]=18091) figures=()
for server in nginx waybill; do
    curl -s -o /dev/null --retry 50 --retry-delay 1 --retry-connrefused "http://127.0.0.1:${port[$server]}/"
done
head -c 1G /dev/urandom >"$source"

transfer() { curl -sf -o /dev/null -w '%{time_total}' "$@"; }

# A virtual machine may hand freed memory back to its host; taking it again would be measured as the server's time.
clear_disk() {
    if [ "$1" = nginx ]; then rm -f "$work/root/o/big"; else find "$work/store/objects" -type f -delete; fi
    head -c 1400M /dev/zero >"$work/warm"
    rm "$work/warm"
}

for round in $(seq "$rounds"); do
    for server in nginx waybill; do
        url=http://127.0.0.1:${port[$server]}/o/big
        clear_disk "$server"
        figures[$server PUT]+="$(transfer -H Expect: -T "$source" "$url") "
        figures[$server GET]+="$(transfer "$url") "
    done
    for server in nginx waybill; do
        figures[$server ranges]+="$(wrk -t1 -c16 -d3 -s bench/ranges.lua "http://127.0.0.1:${port[$server]}/o/big" |
            awk '/Non-2xx/ {bad = 1} /Requests\/sec/ {rate = $2} END {print bad ? "failed" : 1 / rate}') "
    done
done

middle() { tr ' ' '\n' <<<"$1" | grep . | sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
best() { tr ' ' '\n' <<<"$1" | grep . | sort -g | head -1; }

echo "seconds per 1 GiB, and per 50 KiB range; speed is nginx's time over ours"
for what in PUT GET ranges; do
    n=${figures[nginx $what]} w=${figures[waybill $what]}
    awk -v what="$what" -v nm="$(middle "$n")" -v wm="$(middle "$w")" -v nb="$(best "$n")" -v wb="$(best "$w")" 'BEGIN {
        printf "%-7s median nginx %.6f waybill %.6f speed %.2f   best nginx %.6f waybill %.6f speed %.2f\n", what, nm, wm, nm / wm, nb, wb, nb / wb }'
done
grep VmHWM "/proc/$ours/status"
bench/Benchmarks/bin/Release/net10.0/Waybill.Benchmarks hashes
