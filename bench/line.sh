#!/usr/bin/env bash
# The straight line against its floor on this machine: requests of 200 devices at QoS 1, one in flight each, answered after the commit.
# usage: bench/line.sh [rounds, 5 unless told] [seconds each, 5 unless told]
# The floor is Mosquitto with a responder behind it that stores nothing. They take turns with Waybill, so that a noisy machine is noisy for
# both; CPU time per round trip says most. DATABASE=postgres measures on PostgreSQL: WAYBILL_TEST_POSTGRES holds the connection string.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/common.sh
rounds=${1:-5} seconds=${2:-5} devices=${DEVICES:-200}
database=
if [ "${DATABASE:-sqlite}" = postgres ]; then
    database=${WAYBILL_TEST_POSTGRES:?"needs a PostgreSQL connection string"}
fi

command -v mosquitto >/dev/null || { apt-get update -q && apt-get install -y -q mosquitto; }
load_generator
build
start_server
create_devices "$devices"

floor_port=$(free_port)
cat >"$work/mosquitto.conf" <<CONF
listener $floor_port 127.0.0.1
allow_anonymous true
set_tcp_nodelay true
log_dest none
CONF
mosquitto -c "$work/mosquitto.conf" &
broker=$!
pids+=("$broker")
until (exec 3<>"/dev/tcp/127.0.0.1/$floor_port") 2>/dev/null; do sleep 0.05; done
"$MQLOAD" -e -q 1 -p "$floor_port" &
echo=$!
pids+=("$echo")

declare -A rates=() p99s=() costs=()

# measure NAME PORT "PIDS" OPTIONS…
measure() {
    local name=$1 port=$2 watched=$3 before after line
    shift 3
    before=$(cpu_ticks $watched)
    line=$("$MQLOAD" -p "$port" -n "$devices" -q 1 -s "$seconds" "$@" | tail -1) || { echo "$name: $line" >&2; exit 1; }
    after=$(cpu_ticks $watched)
    read -r rate p99 answered < <(sed -E 's/.*: ([0-9]+) round trips.*p99 ([0-9.]+) ms.*answered ([0-9]+).*/\1 \2 \3/' <<<"$line")
    local cost
    cost=$(awk -v t=$((after - before)) -v n="$answered" 'BEGIN {printf "%.1f", t * 10000 / n}')
    printf '  %-10s %7s round trips/s   p99 %6s ms   %5s us of CPU each\n' "$name" "$rate" "$p99" "$cost"
    rates[$name]+="$rate " p99s[$name]+="$p99 " costs[$name]+="$cost "
}

run() {
    measure floor "$floor_port" "$broker $echo" -x
    measure create "$mqtt_port" "$server" -k hub
    measure progress "$mqtt_port" "$server" -k hubprogress
}

# the compiler of the runtime has done its part after some 20 s of load: a server runs for months
echo "warming up"
seconds=15 run
rates=() p99s=() costs=()
for round in $(seq "$rounds"); do
    echo "round $round, load $(cut -d' ' -f1 /proc/loadavg)"
    run
done

echo "medians of $rounds rounds, $devices devices, QoS 1"
floor=$(median "${rates[floor]}")
for name in floor create progress; do
    rate=$(median "${rates[$name]}")
    printf '  %-10s %7s round trips/s   %s x floor   p99 %6s ms   %5s us of CPU each\n' "$name" "$rate" \
        "$(awk -v a="$rate" -v b="$floor" 'BEGIN {printf "%.2f", a / b}')" "$(median "${p99s[$name]}")" "$(median "${costs[$name]}")"
done
grep -E 'VmHWM|VmRSS' "/proc/$server/status"
