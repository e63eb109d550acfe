#!/usr/bin/env bash
# What an idle device costs, and how long a start takes.
# usage: bench/idle.sh [connections … , 5000 10000 15000 unless told]
# Devices connect, authenticate, subscribe and say nothing more. The figure is the slope: resident memory of one server by connections,
# settled for some seconds after each step. Sockets on both sides live on this machine: mind `ulimit -n`. TLS=1 measures over TLS.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/common.sh
counts=("$@")
[ ${#counts[@]} -gt 0 ] || counts=(5000 10000 15000)
most=$(printf '%s\n' "${counts[@]}" | sort -n | tail -1)
settle=20

load_generator
build
if [ -n "${TLS:-}" ]; then
    build_benchmarks
    certificate
fi
ulimit -n "$(ulimit -Hn)"
[ "$(ulimit -n)" -gt $((most + 100)) ] || { echo "$most connections need more than $(ulimit -n) descriptors" >&2; exit 2; }

echo "start to /readyz, with fresh data and with the same again, ms"
starts=() again=()
for _ in $(seq "${STARTS:-7}"); do
    for kind in starts again; do
        begun=$(date +%s%N)
        start_server $([ $kind = again ] && echo "$last_data")
        declare -n list=$kind
        list+=($((($(date +%s%N) - begun) / 1000000)))
        last_data=$data
        stop_server
    done
done
echo "  fresh ${starts[*]}   median $(median "${starts[@]}")"
echo "  again ${again[*]}   median $(median "${again[@]}")"

# hold COUNT FIRST: connects so many, from this one on, and keeps them.
hold() {
    if [ -n "${TLS:-}" ]; then
        exec "$benchmarks" tls-devices "$tls_port" "$1" "$product" "$secret" "$2" < <(exec sleep 1000)
    fi
    exec "$MQLOAD" -i -p "$mqtt_port" -n "$1" -f "$2" -q 1 -r 2000 -w 0 -s 1000
}

resident() { awk '/^VmRSS/ {print $2}' "/proc/$server/status"; }

start_server
create_devices "$most"
printf '%7d connections: %7d KB resident\n' 0 "$(resident)"
points= there=0
for count in "${counts[@]}"; do
    hold $((count - there)) "$there" >"$work/idle.log" 2>&1 &
    load=$!
    pids+=("$load")
    until grep -q ready: "$work/idle.log"; do
        kill -0 "$load" 2>/dev/null || { cat "$work/idle.log" >&2; exit 1; }
        sleep 0.2
    done
    there=$count
    sleep "$settle"
    kill -0 "$load" || { cat "$work/idle.log" >&2; exit 1; }
    held=$(resident)
    printf '%7d connections: %7d KB resident\n' "$count" "$held"
    points+="$count $held"$'\n'
done

# least squares over the points
awk 'NF == 2 {n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2}
    END {if (n > 1) printf "slope: %.2f KB a connection\n", (n * xy - x * y) / (n * xx - x * x)}' <<<"$points"
