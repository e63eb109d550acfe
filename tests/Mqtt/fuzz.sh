#!/bin/sh
# Feeds a live broker millions of hostile connections: tests/Mqtt/fuzz.sh [cases] [first]
set -eu
cd "$(dirname "$0")"
dotnet build -c Release -v q --nologo .
MQTT_FUZZ_CASES=${1:-2000000} MQTT_FUZZ_FIRST=${2:-100000} \
    bin/Release/net10.0/Waybill.Mqtt.Tests --filter-class '*LiveBrokerTests'
