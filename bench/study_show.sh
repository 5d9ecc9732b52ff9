#!/usr/bin/env bash
# A study of two methods on three data sets over five seeds: run here, killed half-way and resumed; then through Slurm with one task killed.
# Says whether anything was run twice and whether both tables are equal. All data are in the program.
# usage: bench/study_show.sh [LATHE]      SLURM_CONF set (or a cluster's login node) adds the second part
set -euo pipefail
lathe=$(realpath "${1:-.build/release/lathe}")
command -v jq >/dev/null || { echo "study_show: jq is missing (apt-get install jq)" >&2; exit 2; }
place=$(mktemp -d "${TMPDIR:-/tmp}/lathe-study.XXXXXX")
trap 'rm -rf "$place"' EXIT
cd "$place"
cat > study.toml <<'TOML'
title = "Two methods on three graphs"
methods = ["cold-brew", "giant-xrt"]
data = ["small-blocks", "small-texts", "power-law-blocks"]
plan = "smoke"
seeds = "1..5"
threads = 1
TOML
export XDG_CACHE_HOME=$place/cache
done_runs() { "$lathe" runs --json --store here.sqlite 2>/dev/null | jq '[.[] | select(.state == "finished")] | length' 2>/dev/null || echo 0; }
# What tells a run that was made once from one that was made again: its beginning and its end.
times() { "$lathe" runs --json --store here.sqlite | jq -c '[.[] | select(.state == "finished") | [.id, .started, .ended]] | sort'; }

"$lathe" sweep study.toml --store here.sqlite --quiet --json > first.json 2> first.txt &
sweep=$!
until [ "$(done_runs)" -ge 15 ]; do kill -0 "$sweep" 2>/dev/null || { echo "study_show: the sweep ended early:" >&2; cat first.txt >&2; exit 1; }; sleep 0.1; done
kill -9 "$sweep"; wait "$sweep" 2>/dev/null || true
times > before.json
echo "killed with SIGKILL after $(jq length before.json) of 30 runs"
"$lathe" sweep study.toml --store here.sqlite --quiet --json > here.json
times > after.json
again=$(jq -n --slurpfile a before.json --slurpfile b after.json '$a[0] - $b[0] | length')
echo "resumed: $(jq length after.json) of 30 runs are done; of those that were done before the kill, run again: $again"
echo "asked for once more: $("$lathe" sweep study.toml --store here.sqlite --quiet 2>&1 >/dev/null | head -n 1)"
[ "$again" = 0 ] && [ "$(jq length after.json)" = 30 ]

command -v sbatch >/dev/null || { echo "no Slurm here: the second part is left out"; exit 0; }
"$lathe" sweep study.toml --slurm --folder "$place/tasks" --store slurm.sqlite --quiet
# A task that has told of its run's beginning and not yet of its end.
at_work() {
    local task run log
    for task in $(squeue -h -r -t RUNNING -o %F_%K); do
        run=$(sed -n "$((${task#*_} + 1))p" tasks/tasks.jsonl | jq -r .run)
        log=tasks/logs/$run.jsonl
        if grep -q '"kind":"stage"' "$log" 2>/dev/null && ! grep -q '"kind":"finished"' "$log"; then echo "$task"; return; fi
    done
}
killed=
for _ in $(seq 3000); do killed=$(at_work); [ -n "$killed" ] && break; sleep 0.02; done
[ -n "$killed" ] || { echo "study_show: no task was ever seen at work" >&2; exit 1; }
scancel --signal=KILL --full "$killed"
echo "task $killed was killed by scancel --signal=KILL"
while [ -n "$(squeue -h -n Twomethodsonthreegraphs -o %i)" ]; do sleep 0.5; done
ended=$(cat tasks/logs/*.jsonl | grep -c '"kind":"finished"')
echo "the queue is empty: $ended of 30 runs are done"
"$lathe" sweep study.toml --slurm --wait --store slurm.sqlite --json > slurm.json 2> again.txt
echo "asked for again: $(head -n 1 again.txt | sed 's/, logs.*//')"
# Every run's log has one end: nothing was run twice.
echo "ends told in all logs: $(cat tasks/logs/*.jsonl | grep -c '"kind":"finished"')"
# Times differ, of course; everything that was found is compared digit by digit.
table() { jq -S '.summary | del(.. | .seconds?, .time?)' "$1"; }
if diff <(table here.json) <(table slurm.json) > difference.txt; then echo "both tables are equal: $(jq '.runs | length' slurm.json) runs"; else echo "the tables differ:"; head -n 20 difference.txt; exit 1; fi
