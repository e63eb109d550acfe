#!/usr/bin/env bash
# The S3 endpoint: PUT and GET of 64 MiB against nginx, durable PUTs of 4 KiB from 8 connections against Ceph RadosGW, a page of 1 000 keys out of a
# million, what a signature costs, and memory. usage: bench/s3.sh [rounds, 7 unless told]
# URLs are signed in advance, so that all servers are asked by the same programs. Ceph keeps its objects in memory (memstore), which is in its favour.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/common.sh
rounds=${1:-7}
size=$((64 << 20)) bodies=0

for tool in nginx wrk curl radosgw ceph-mon; do
    [ -x "/usr/sbin/$tool" ] || command -v "$tool" >/dev/null && continue
    apt-get update -q && apt-get install -y -q --no-install-recommends nginx-light wrk curl ceph-mon ceph-osd ceph-common radosgw
    break
done
build
build_benchmarks
source=$(mktemp -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
trap 'rm -f "$source"; tests/radosgw.sh stop "$ceph" || true; rm -rf "$ceph"; finish' EXIT
head -c "$size" /dev/urandom >"$source"

start_nginx
ceph=$(mktemp -d /tmp/wb-XXXX)
ceph_url=$(tests/radosgw.sh start "$ceph")

sign() { # sign METHOD PEER PATH COUNT [QUERY]
    [ "$2" = ceph ] && set -- "$1" "$ceph_url" TESTERACCESSKEY testersecretkey "${@:3}" ||
        set -- "$1" "http://127.0.0.1:$s3_port" "$s3_access_key" "$s3_secret_key" "${@:3}"
    "$benchmarks" presign "$@" | sed "s|^|$2|"
}
transfer() { curl -sf -o /dev/null -w '%{time_total}' "$@"; }
paths() { sed -E 's|^https?://[^/]+||' "$@"; }

# a million keys: the data directory is made before the server starts on it
data=$(mktemp -d "$work/data.XXXXXX")
"$benchmarks" s3keys "$data" listed 1000000
start_server "$data"
for peer in waybill ceph; do curl -sf -X PUT "$(sign PUT $peer /bench 1)"; done
memory() { awk -v what="$1" '/VmHWM|VmRSS/ {printf "  %s %s %d MB", (n++ ? "" : what), $1, $2 / 1024} END {print ""}' "/proc/$server/status"; }

declare -A figures=()
echo "warming up"
small() { # small PEER SECONDS: PUTs of 4 KiB in a second
    sign PUT "$1" "/bench/small-$RANDOM-{n}" 60000 >"$work/signed"
    paths "$work/signed" >"$work/urls"
    URLS=$work/urls wrk -t1 -c8 -d"$2" -s bench/put.lua "$(head -1 "$work/signed" | grep -oE '^https?://[^/]+')" |
        awk '/Non-2xx/ {bad = 1} /Requests\/sec/ {rate = $2} END {print bad ? "failed" : rate}'
}
for round in $(seq 0 "$rounds"); do
    for peer in ceph waybill; do
        rate=$(small $peer $((round > 0 ? 3 : 10)))
        [ "$round" -eq 0 ] || figures[$peer small]+="$rate "
    done
done

c=$(median "${figures[ceph small]}") w=$(median "${figures[waybill small]}")
awk -v c="$c" -v w="$w" 'BEGIN {printf "PUTs of 4 KiB a second, 8 connections: RadosGW %d   waybill %d   speed %.2f\n", c, w, w / c}'
printf '    RadosGW %s\n    waybill %s\n' "${figures[ceph small]}" "${figures[waybill small]}"
fresh() { printf '%016d' $((++bodies)) | dd of="$source" conv=notrunc status=none; }
for round in $(seq -20 "$rounds"); do
    [ "$round" -ne 1 ] || { figures[nginx PUT]='' figures[nginx GET]='' figures[waybill PUT]='' figures[waybill GET]=''; memory "before, from round 1 on"; }
    for peer in nginx waybill; do
        [ $peer = nginx ] && put_url=http://127.0.0.1:$nginx_port/big get_url=http://127.0.0.1:$nginx_port/big ||
            { put_url=$(sign PUT waybill "/bench/big" 1) get_url=$(sign GET waybill "/bench/big" 1); }
        fresh
        rm -f "$work/root/big"
        [ "$round" -lt 0 ] || settle 256M
        figures[$peer PUT]+="$(transfer -H Expect: -T "$source" "$put_url") "
        figures[$peer GET]+="$(transfer "$get_url") "
    done
done

echo "seconds for 64 MiB; speed is nginx's time over ours; medians of $rounds rounds"
for what in PUT GET; do
    n=$(median "${figures[nginx $what]}") w=$(median "${figures[waybill $what]}")
    awk -v what="$what" -v n="$n" -v w="$w" 'BEGIN {printf "  %-7s nginx %.4f   waybill %.4f   speed %.2f\n", what, n, w, n / w}'
    printf '    nginx   %s\n    waybill %s\n' "${figures[nginx $what]}" "${figures[waybill $what]}"
done

for round in $(seq 0 30); do
    took=$(transfer "$(sign GET waybill /listed 1 'list-type=2&max-keys=1000&prefix=000500%2F')")
    [ "$round" -eq 0 ] || figures[list]+="$took "
done

awk -v l="$(median "${figures[list]}")" 'BEGIN {printf "1 000 keys of 1 000 000 under a prefix: %.1f ms\n", l * 1000}'
# CPU of a PUT of 1 MiB, and of the check within it
sign PUT waybill "/bench/mib-{n}" 20000 >"$work/signed"
paths "$work/signed" >"$work/urls"
before=$(cpu_ticks "$server")
URLS=$work/urls SIZE=1048576 wrk -t1 -c4 -d5 -s bench/put.lua "http://127.0.0.1:$s3_port" >"$work/mib"
ticks=$(($(cpu_ticks "$server") - before))
puts=$(awk '/requests in/ {print $1}' "$work/mib")
check=$("$benchmarks" signatures)
awk -v t="$ticks" -v p="$puts" -v c="$check" 'BEGIN {cpu = t * 10000 / p; printf "PUT of 1 MiB: %.0f µs of CPU, of which the signature %.1f µs: %.2f %%\n", cpu, c, 100 * c / cpu}'
memory "after objects of 64 MiB"
truncate -s 2G "$work/huge"
transfer -H Expect: -T "$work/huge" "$(sign PUT waybill /bench/huge 1)" >/dev/null
transfer "$(sign GET waybill /bench/huge 1)" >/dev/null
memory "after one of 2 GiB"
