# What the measuring scripts share; sourced, not run. $work is a directory of its own that goes away at exit, with every process started here.
work=$(mktemp -d "${WAYBILL_BENCH_DIRECTORY:-${TMPDIR:-/tmp}}/waybill-bench.XXXXXX")
pids=()
finish() {
    if [ ${#pids[@]} -gt 0 ]; then
        kill "${pids[@]}" 2>/dev/null || true
        wait "${pids[@]}" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

product=PERF000001
secret=MDEyMzQ1Njc4OWFiY2RlZg==
admin_key=bench-admin-key-0123456789
s3_access_key=BENCHACCESSKEY
s3_secret_key=bench-secret-key-0123456789

# The load generator: $MQLOAD, or built from its source where that lies beside the project.
load_generator() {
    if [ -z "${MQLOAD:-}" ]; then
        local source=../shared/tools/mqload.c
        if [ ! -f "$source" ] || ! command -v gcc >/dev/null; then
            echo "Set MQLOAD to the load generator (built with: gcc -O2 -o mqload mqload.c -lcrypto), or measure without it: ./waybill bench" >&2
            exit 2
        fi
        gcc -O2 -o "$work/mqload" "$source" -lcrypto
        MQLOAD=$work/mqload
    fi
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)) && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    echo "$port"
}

build() {
    dotnet build -c Release -v q --nologo src/Waybill >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
}

build_benchmarks() {
    dotnet build -c Release -v q --nologo bench/Benchmarks >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
    benchmarks=bench/Benchmarks/bin/Release/net10.0/Waybill.Benchmarks
}

# A certificate of its own for servers that start from here on; sets $tls_port.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
        -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
    tls_port=$(free_port)
    export Waybill__Tls__Certificate=$work/certificate.pem Waybill__Tls__Key=$work/key.pem Waybill__Mqtt__TlsPort=$tls_port
}

# start_server [DATA]: default settings, fresh data unless told; sets $server, $mqtt_port, $s3_port, $api and $data.
start_server() {
    data=${1:-$(mktemp -d "$work/data.XXXXXX")}
    mqtt_port=$(free_port)
    local http_port
    http_port=$(free_port)
    s3_port=$(free_port)
    api=http://127.0.0.1:$http_port
    Waybill__AdminKey=$admin_key Waybill__Data=$data Waybill__Http__Port=$http_port Waybill__Http__TryPort80=false \
        Waybill__S3__Port=$s3_port Waybill__S3__AccessKey=$s3_access_key Waybill__S3__SecretKey=$s3_secret_key Waybill__Mqtt__Port=$mqtt_port Waybill__Database=${database:-} \
        src/Waybill/bin/Release/net10.0/waybill serve >"$work/server.log" 2>&1 &
    server=$!
    pids+=("$server")
    until curl -sf -o /dev/null "$api/readyz"; do
        kill -0 "$server" 2>/dev/null || { cat "$work/server.log" >&2; exit 1; }
        sleep 0.01
    done
}

stop_server() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    local left=() pid
    for pid in "${pids[@]}"; do [ "$pid" = "$server" ] || left+=("$pid"); done
    pids=("${left[@]}")
}

# Devices dev000000, dev000001, … all with the same secret.
create_devices() {
    local count=$1 per=10000 from
    curl -sf -o /dev/null -X PUT -H "Authorization: Bearer $admin_key" -H 'Content-Type: application/json' \
        -d '{"name":"Measured","dialects":["tencent-hub"]}' "$api/api/v1/products/$product"
    for ((from = 0; from < count; from += per)); do
        { echo name,secret; seq "$from" $((from + per < count ? from + per - 1 : count - 1)) | awk -v s="$secret" '{printf "dev%06d,%s\n", $1, s}'; } |
            curl -sf -o "$work/import.json" -H "Authorization: Bearer $admin_key" -H 'Content-Type: text/csv' --data-binary @- \
                "$api/api/v1/products/$product/devices:import"
        grep -q '"failed":\[\]' "$work/import.json" || { cat "$work/import.json" >&2; exit 1; }
    done
}

# start_nginx: sets $nginx_port. PUT and GET below $work/root, on the same file system as ours; its own paths must be writable to its workers.
start_nginx() {
    mkdir "$work"/{root,body,other}
    chmod -R 777 "$work"
    nginx_port=$(free_port)
    cat >"$work/nginx.conf" <<CONF
worker_processes auto; daemon off; pid $work/nginx.pid; error_log $work/nginx.log;
events {}
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; client_max_body_size 0;
    client_body_temp_path $work/body; proxy_temp_path $work/other; fastcgi_temp_path $work/other;
    uwsgi_temp_path $work/other; scgi_temp_path $work/other;
    server { listen 127.0.0.1:$nginx_port; location / { root $work/root; dav_methods PUT; create_full_put_path on; } }
}
CONF
    nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
    pids+=($!)
}

# settle BYTES: a virtual machine may hand freed memory back to its host, and what another server left unwritten is written in our time: both would be
# measured as the server's.
settle() {
    head -c "$1" /dev/zero >"$work/warm"
    rm "$work/warm"
    sync
}

# CPU seconds that processes have used so far, in ticks of 10 ms.
cpu_ticks() {
    local pid total=0 rest
    for pid; do
        rest=$(sed 's/.*) //' "/proc/$pid/stat")
        set -- $rest
        total=$((total + ${12} + ${13}))
    done
    echo "$total"
}

median() { tr ' ' '\n' <<<"$*" | grep . | sort -g | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
