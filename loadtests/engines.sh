#!/bin/sh
# Three built-in nodes and three silos of Microsoft Orleans, in turn, each cluster on a PostgreSQL of its own: the same load on the first server, so that two
# thirds of the commands are for accounts of the others; then the audit of every answer. Build both solutions in Release first.
#
#   loadtests/engines.sh [SECONDS [RUNS]]
#
# Throughput and CPU are those of the second half of the load, when most code has been compiled: on a machine that is busy with other things give it longer. CPU is
# that of all servers, per million commands; PostgreSQL's is not in it. Latencies are those of the whole load.
set -eu
seconds=${1:-20}
runs=${2:-1}
build=$(cd "$(dirname "$0")/.." && pwd)/artifacts/bin
server=${ENFORCER:-$build/Enforcer.Orleans.Cli/release/enforcer-orleans}
loads=${LOADTESTS:-$build/Enforcer.LoadTests/release/Enforcer.LoadTests}
work=$(mktemp -d)
# For root, PostgreSQL runs as another user.
chmod 755 "$work"
cluster=
end() {
    [ -z "$cluster" ] || { kill "$cluster" && wait "$cluster"; } 2> "$work/end" || true
    cluster=
}
trap 'end; rm -rf "$work"' EXIT

# The sum of a metric over the servers at these addresses.
sum() {
    metric=$1
    shift
    for address; do curl -fsS "http://$address/metrics"; done | awk -v m="$metric" '$1 ~ "^" m "([{]|$)" { s += $2 } END { printf "%.3f", s }'
}

figure() {
    sed -n "s/^ *\"$1\": *\\([^,]*\\),*\$/\\1/p" "$2"
}

# CPU of all servers, commands of the first, those of all that were passed on, their frames, and when that was.
look() {
    # shellcheck disable=SC2086 # One address a word.
    echo "$(sum process_cpu_seconds_total $all) $(sum enforcer_commands_total "$http") $(sum enforcer_cluster_passed_on_total $all)" \
        "$(sum enforcer_cluster_peer_frames_total $all) $(date +%s.%N)"
}

measure() {
    name=$1
    out=$work/$name
    shift
    : > "$out"
    env "$@" "$server" cluster up --nodes 3 --folder "$out.data" > "$out" 2> "$out.errors" &
    cluster=$!
    until grep -q 'enforcer keys create' "$out"; do
        kill -0 "$cluster" 2> "$work/end" || { cat "$out.errors" >&2; exit 1; }
        sleep 0.2
    done
    token=$(grep -o 'enf_admin_[A-Za-z0-9_-]*' "$out")
    postgres=$(sed -n 's/^PostgreSQL: //p' "$out")
    all=$(awk '$1 ~ /^node-/ { sub("http://", "", $3); print $3 }' "$out")
    first=$(awk '$1 == "node-1" { sub("http://", "", $2); print $2 }' "$out")
    http=$(awk '$1 == "node-1" { sub("http://", "", $3); print $3 }' "$out")
    "$loads" hammer --server "http://$first" --http "http://$http" --token "$token" --postgres "$postgres" --accounts 3000 --operations 0 --cap-share 0 \
        --seconds "$seconds" --json "$out.json" > "$out.hammer" 2>&1 &
    load=$!
    until [ "$(sum enforcer_commands_total "$http" | cut -d. -f1)" -gt 10000 ]; do
        kill -0 "$load" 2> "$work/end" || { cat "$out.hammer" >&2; exit 1; }
        sleep 0.5
    done
    sleep $((seconds / 2))
    before=$(look)
    sleep $((seconds / 3))
    after=$(look)
    wait "$load" || { cat "$out.hammer" >&2; exit 1; }
    echo "$before $after" | awk -v name="$name" -v exact="$(figure exact "$out.json")" -v p50="$(figure p50_us "$out.json")" -v p99="$(figure p99_us "$out.json")" \
        '{ commands = $7 - $2; passed = $8 - $3
           printf "%-8s %10.0f operations/s  p50 %6.1f ms  p99 %6.1f ms  servers %5.2f CPU s per million  %3.0f%% passed on, %3.0f in a frame  exact: %s\n",
           name, commands / ($10 - $5), p50 / 1000, p99 / 1000, ($6 - $1) / commands * 1e6, passed / commands * 100, passed / ($9 - $4), exact }'
    end
    rm -rf "$out.data"
}

while [ "$runs" -gt 0 ]; do
    measure nodes ENFORCER__CLUSTER=
    measure orleans ENFORCER__CLUSTER=orleans ENFORCER__SILO=127.0.0.1:0
    runs=$((runs - 1))
done
