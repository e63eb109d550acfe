#!/usr/bin/env bash
# The MQTT broker alone beside Mosquitto: 200 devices, each publishes to a topic of its own that it subscribed, and waits for what it published.
# usage: bench/broker.sh [rounds, 5 unless told] [seconds each, 4 unless told]
# Then the same with others about (8 000 idle connections; 50 000 sessions within the process), in turns with a broker that has none; what
# 100 000 sessions within the process take; and how many devices a second the whole server lets in, signatures checked.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/common.sh
rounds=${1:-5} seconds=${2:-4} devices=${DEVICES:-200}
idle=8000 sessions=50000 many=100000 arriving=10000

command -v mosquitto >/dev/null || { apt-get update -q && apt-get install -y -q mosquitto; }
load_generator
build
build_benchmarks
ulimit -n "$(ulimit -Hn)"

until_open() { until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do sleep 0.05; done; }

mosquitto_port=$(free_port)
printf 'listener %s 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nlog_dest none\n' "$mosquitto_port" >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" &
pids+=($!)
until_open "$mosquitto_port"

# start_broker NAME: sets $port and $told; what is written to $work/NAME.in is its standard input.
start_broker() {
    port=$(free_port) told=$work/$1.out
    mkfifo "$work/$1.in"
    "$benchmarks" broker "$port" <>"$work/$1.in" >"$told" &
    pids+=($!)
    until grep -q ready "$told" 2>/dev/null; do sleep 0.05; done
}

# enter NAME COUNT: so many sessions within the process; prints what it tells.
enter() {
    echo "$2" >"$work/$1.in"
    until grep "^$2 sessions" "$work/$1.out"; do sleep 0.2; done
}

declare -A rates=() p99s=()

# measure NAME PORT QOS DEPTH
measure() {
    local line rate p99
    line=$("$MQLOAD" -x -k self -p "$2" -n "$devices" -q "$3" -d "$4" -s "$seconds" | tail -1) || { echo "$1: $line" >&2; exit 1; }
    read -r rate p99 < <(sed -E 's/.*: ([0-9]+) round trips.*p99 ([0-9.]+) ms.*/\1 \2/' <<<"$line")
    printf '  %-24s QoS %s, %s in flight  %7s/s   p99 %5s ms\n' "$1" "$3" "$4" "$rate" "$p99"
    rates[$1-$3-$4]+="$rate " p99s[$1-$3-$4]+="$p99 "
}

# compare PEER NAME QOS DEPTH
compare() {
    local peer ours
    peer=$(median "${rates[$1-$3-$4]}") ours=$(median "${rates[$2-$3-$4]}")
    printf '  QoS %s, %s in flight: %-10s %7s/s   %-16s %7s/s   %s times   p99 %s and %s ms\n' "$3" "$4" "$1" "$peer" "$2" "$ours" \
        "$(awk -v a="$ours" -v b="$peer" 'BEGIN {printf "%.2f", a / b}')" "$(median "${p99s[$1-$3-$4]}")" "$(median "${p99s[$2-$3-$4]}")"
}

start_broker alone
alone_port=$port
beside_mosquitto() {
    local qos depth
    for qos in 0 1; do
        for depth in 1 8; do
            measure mosquitto "$mosquitto_port" $qos $depth
            measure waybill "$alone_port" $qos $depth
        done
    done
}

start_broker idle
idle_port=$port
start_broker sessions
sessions_port=$port
with_others() {
    local qos
    for qos in 0 1; do
        measure waybill "$alone_port" $qos 1
        measure idle "$idle_port" $qos 1
        measure sessions "$sessions_port" $qos 1
    done
}

echo "warming up"
beside_mosquitto
with_others
rates=() p99s=()
for round in $(seq "$rounds"); do
    echo "round $round, load $(cut -d' ' -f1 /proc/loadavg)"
    beside_mosquitto
done
echo "medians of $rounds rounds, $devices devices"
for qos in 0 1; do
    for depth in 1 8; do compare mosquitto waybill $qos $depth; done
done

"$MQLOAD" -x -k self -i -p "$idle_port" -n $idle -f 100000 -r 4000 -w 0 -s 100000 >"$work/idle.log" &
pids+=($!)
until grep -q ready: "$work/idle.log"; do sleep 0.2; done
enter sessions $sessions >/dev/null
rates=() p99s=()
for round in $(seq "$rounds"); do
    echo "round $round with $idle idle connections or $sessions sessions, load $(cut -d' ' -f1 /proc/loadavg)"
    with_others
done
echo "medians of $rounds rounds, $devices devices"
for qos in 0 1; do
    compare waybill idle $qos 1
    compare waybill sessions $qos 1
done

echo "sessions within the process"
start_broker many
enter many 0
enter many $many

start_server
create_devices $arriving
echo "devices that arrive all at once, connected, authenticated and subscribed"
arrived=()
for round in $(seq "$rounds"); do
    line=$("$MQLOAD" -i -p "$mqtt_port" -n $arriving -q 1 -r 1000000 -w 0 -s 1 | grep ready:)
    echo "  $line"
    arrived+=("$(sed -E 's/.*\(([0-9]+)\/s\).*/\1/' <<<"$line")")
    sleep 2
done
echo "median $(median "${arrived[@]}") a second"
