#!/usr/bin/env bash
# Bytes over HTTP against nginx on this machine: PUT and GET of 1 GiB, and 50 KiB ranges of it over kept connections.
# usage: bench/bytes.sh [rounds, 7 unless told]
# A device asks the server for its URLs over MQTT and uses them. The two servers take turns; medians count.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/common.sh
rounds=${1:-7}
size=$((1 << 30))

for tool in nginx wrk curl mosquitto_rr openssl; do
    command -v "$tool" >/dev/null && continue
    apt-get update -q && apt-get install -y -q nginx-light wrk curl mosquitto-clients openssl
    break
done
build
build_benchmarks
source=$(mktemp -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
trap 'rm -f "$source"; finish' EXIT
head -c "$size" /dev/urandom >"$source"
md5=$(md5sum "$source" | cut -c1-32)

start_nginx
nginx_url=http://127.0.0.1:$nginx_port/o/big
curl -s -o /dev/null --retry 50 --retry-delay 1 --retry-connrefused "$nginx_url"
start_server
create_devices 2

# ask DEVICE MESSAGE: the URL in the server's answer
ask() {
    local device=dev00000$1 user pass
    user="$product$device;12010126;abcde;2147483647"
    pass=$(printf %s "$user" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(base64 -d <<<"$secret" | od -An -tx1 | tr -d ' \n')" | sed 's/.* //')
    mosquitto_rr -p "$mqtt_port" -i "$product$device" -u "$user" -P "$pass;hmacsha256" -q 1 -W 10 -m "$2" \
        -t "\$resource/up/service/$product/$device" -e "\$resource/down/service/$product/$device" | sed 's/.*"url":"\([^"]*\)".*/\1/'
}

upload_url() { ask 1 "{\"type\":\"create_upload_task\",\"name\":\"big$1\",\"size\":$size,\"md5sum\":\"$md5\"}"; }

download_url() {
    curl -sf -o /dev/null -H "Authorization: Bearer $admin_key" -T "$source" "$api/api/v1/products/$product/files/big/1"
    curl -sf -o /dev/null -H "Authorization: Bearer $admin_key" "$api/api/v1/transfers" \
        -d '{"kind":"download","product":"'$product'","device":"dev000000","file":{"name":"big","version":"1"}}'
    ask 0 '{"type":"get_download_task"}'
}

transfer() { curl -sf -o /dev/null -w '%{time_total}' "$@"; }

clear_disk() {
    if [ "$1" = nginx ]; then rm -f "$work/root/o/big"; else find "$data/objects" -type f -delete; fi
    settle 1400M
}

# ranges URL SECONDS: seconds for each
ranges() { wrk -t1 -c16 -d"$2" -s bench/ranges.lua "$1" | awk '/Non-2xx/ {bad = 1} /Requests\/sec/ {rate = $2} END {print bad ? "failed" : 1 / rate}'; }

declare -A figures=()
waybill_url=$(download_url)
for round in $(seq 0 "$rounds"); do
    [ "$round" -gt 0 ] || echo "warming up"
    [ "$round" -ne 1 ] || figures=()
    for peer in nginx waybill; do
        [ $peer = nginx ] && put_url=$nginx_url get_url=$nginx_url || { put_url=$(upload_url "$round") get_url=$waybill_url; }
        clear_disk $peer
        figures[$peer PUT]+="$(transfer -H Expect: -T "$source" "$put_url") "
        figures[$peer GET]+="$(transfer "$get_url") "
    done
    for peer in nginx waybill; do
        [ $peer = nginx ] && get_url=$nginx_url || get_url=$waybill_url
        figures[$peer ranges]+="$(ranges "$get_url" $((round > 0 ? 3 : 10))) "
    done
done

echo "seconds for 1 GiB, and for a 50 KiB range; speed is nginx's time over ours; medians of $rounds rounds"
for what in PUT GET ranges; do
    n=$(median "${figures[nginx $what]}") w=$(median "${figures[waybill $what]}")
    awk -v what="$what" -v n="$n" -v w="$w" 'BEGIN {printf "  %-7s nginx %.6f   waybill %.6f   speed %.2f\n", what, n, w, n / w}'
    printf '    nginx   %s\n    waybill %s\n' "${figures[nginx $what]}" "${figures[waybill $what]}"
done
grep -E 'VmHWM|VmRSS' "/proc/$server/status"
"$benchmarks" hashes
