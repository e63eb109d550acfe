#!/usr/bin/env bash
# Builds everything and runs every test, on SQLite and on PostgreSQL. Ends with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

need() { # need COMMAND PACKAGE: collect what is missing of the real peers
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || missing+=("$2")
}
missing=()
need mosquitto mosquitto
need mosquitto_pub mosquitto-clients
need curl curl
need ceph-mon ceph-mon
need ceph-osd ceph-osd
need ceph ceph-common
need radosgw radosgw
need cc gcc
need node nodejs
need script bsdutils
need rclone rclone
need s3cmd s3cmd
# the tests run the system's, not another one that comes first on the path
[ -x /usr/bin/aws ] || missing+=(awscli)
ldconfig -p | grep -q libsqlite3.so.0 || missing+=(libsqlite3-0)
[ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing the peers that tests talk to: ${missing[*]}"
  sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    { echo "These packages are needed and could not be installed: ${missing[*]}" >&2; exit 1; }
fi
export PATH="$PATH:/usr/sbin"
[ -d tests/aws-sdk-js/node_modules ] || npm ci --prefix tests/aws-sdk-js --no-audit --no-fund --loglevel=error ||
  { echo "AWS's SDK for JavaScript is needed and could not be installed." >&2; exit 1; }
[ -d tests/mqtt-js/node_modules ] || npm ci --prefix tests/mqtt-js --no-audit --no-fund --loglevel=error ||
  { echo "The npm package mqtt is needed and could not be installed." >&2; exit 1; }
[ -d tests/tencent-sdk/node_modules ] || npm ci --prefix tests/tencent-sdk --no-audit --no-fund --loglevel=error ||
  echo "The vendor's SDK could not be installed: its test is skipped." >&2

dotnet build --nologo -v q -c Release || exit 1

postgres=$(mktemp -d /tmp/waybill-pg-XXXXXX)
ceph=$(mktemp -d /tmp/waybill-rgw-XXXXXX)
trap 'tests/postgres.sh stop "$postgres" >/dev/null 2>&1; tests/radosgw.sh stop "$ceph" >/dev/null 2>&1; rm -rf "$postgres" "$ceph"' EXIT
connection=$(tests/postgres.sh start "$postgres") || exit 1
WAYBILL_TEST_RADOSGW=$(tests/radosgw.sh start "$ceph") || exit 1
export WAYBILL_TEST_RADOSGW

passed=0 failed=0 skipped=0 worst=0 failures=$(mktemp)
run() { # run TITLE TEST-PROGRAM [ARG …]
  local log; log=$(mktemp)
  echo; echo "== $1"
  "${@:2}" --no-progress --no-ansi 2>&1 | tee "$log"
  local code=${PIPESTATUS[0]}
  count() { awk -v k="$1:" '/^Test run summary:/{s=1} s && $1==k {n=$2} END{print n+0}' "$log"; }
  passed=$((passed + $(count succeeded))) failed=$((failed + $(count failed))) skipped=$((skipped + $(count skipped)))
  # a run that crashed before its summary is a failure that no count shows
  [ "$code" = 0 ] || { worst=$code; [ "$(count failed)" != 0 ] || failed=$((failed + 1)); }
  # what failed, and why, stands at the end again
  awk -v title="$1" '/^(passed|skipped|Test run summary|20[0-9][0-9]-)/{f=0} /^failed /{f=1; print title ": " $0; next} f' "$log" >>"$failures"
  rm -f "$log"
}

run "MQTT library" tests/Mqtt/bin/Release/net10.0/Waybill.Mqtt.Tests
run "Waybill on SQLite" env -u WAYBILL_TEST_POSTGRES tests/Waybill/bin/Release/net10.0/Waybill.Tests
run "Waybill on PostgreSQL" env WAYBILL_TEST_POSTGRES="$connection" tests/Waybill/bin/Release/net10.0/Waybill.Tests

echo
cut -c1-400 "$failures"
rm -f "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
exit "$worst"
