#!/usr/bin/env bash
# A throwaway Ceph RadosGW (S3 and STS) for the tests: radosgw.sh start DIR prints its URL, radosgw.sh stop DIR ends it.
# DIR is absolute and short: sockets live in it. Its user has the keys TESTERACCESSKEY / testersecretkey and may assume arn:aws:iam:::role/device.
set -euo pipefail
action=$1 dir=$2
if [ "$action" = stop ]; then
  for pid in "$dir"/run/*.pid; do
    [ ! -f "$pid" ] || kill "$(cat "$pid")" 2>/dev/null || true
  done
  for pid in "$dir"/run/*.pid; do
    for _ in $(seq 40); do
      [ -f "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null || break
      sleep 0.25
    done
  done
  exit 0
fi
port=$((20000 + RANDOM % 20000)) cluster=$(cat /proc/sys/kernel/random/uuid) disk=$(cat /proc/sys/kernel/random/uuid)
mkdir -p "$dir"/{mon,osd,run,log}
# radosgw asks for "secure" towards the monitor by itself, which cannot be without keys: hence the crc modes
cat >"$dir/ceph.conf" <<C
[global]
fsid = $cluster
mon host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms cluster mode = crc
ms service mode = crc
ms client mode = crc
ms bind ipv6 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = $dir/run
admin socket = $dir/run/\$name.asok
pid file = $dir/run/\$name.pid
log file = $dir/log/\$name.log
crash dir = $dir/log
mon data = $dir/mon
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd max object name len = 2048
osd class load list = *
osd class default list = *
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw sts key = abcdefghijklmnop
rgw s3 auth use sts = true
rgw enable usage log = false
rgw dns name = localhost
rgw thread pool size = 64
C
export CEPH_CONF="$dir/ceph.conf"
{
  monmaptool --create --clobber --fsid "$cluster" --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" "$dir/monmap"
  ceph-mon -c "$CEPH_CONF" --mkfs -i a --monmap "$dir/monmap"
  ceph-mon -c "$CEPH_CONF" -i a
  ceph -c "$CEPH_CONF" --connect-timeout 60 osd new "$disk"
  ceph-osd -c "$CEPH_CONF" -i 0 --mkfs --osd-uuid "$disk"
  ceph-osd -c "$CEPH_CONF" -i 0
  radosgw -c "$CEPH_CONF" -n client.rgw
  for _ in $(seq 480); do
    ! curl -fsS -o /dev/null "http://127.0.0.1:$port/" || break
    sleep 0.25
  done
  admin() { radosgw-admin -c "$CEPH_CONF" -n client.rgw "$@"; }
  admin user create --uid=tester --display-name=tester --access-key=TESTERACCESSKEY --secret-key=testersecretkey
  admin role create --role-name=device \
    --assume-role-policy-doc='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/tester"]},"Action":["sts:AssumeRole"]}]}'
  admin role-policy put --role-name=device --policy-name=all \
    --policy-doc='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}]}'
} >"$dir/log/start" 2>&1 || { cat "$dir/log/start" >&2; exit 1; }
echo "http://127.0.0.1:$port"
