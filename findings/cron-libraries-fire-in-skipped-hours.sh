#!/usr/bin/env bash
# The cron libraries of Node.js fire a job whose time does not exist, on the day on which the clocks go forward.
#
# Versions: croner 10.0.1, cron-parser 5.4.0
# Expected: a daily schedule at 02:30 in Europe/Berlin is left out on 2026-03-29, on which 02:30 does not exist, as AWS
#           documents for EventBridge Scheduler.
# Seen:     both fire at 03:30 local time on that day.
# Why it matters: whoever computes or emulates the times of AWS's schedules with such a library has one run a year that
#           AWS does not have.
# Source:   "Daylight saving time on EventBridge Scheduler" in the EventBridge Scheduler User Guide
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund croner@10.0.1 cron-parser@5.4.0 >/dev/null

cat > try.cjs <<'EOF'
const { Cron } = require("croner");
const { CronExpressionParser } = require("cron-parser");
const from = new Date("2026-03-28T12:00:00Z");
const tz = "Europe/Berlin";
const shown = (dates) => dates.map((date) => date.toISOString().slice(5, 16)).join(", ");
const croner = new Cron("30 2 * * *", { timezone: tz, paused: true });
console.log(`croner: ${shown(croner.nextRuns(2, from))}`);
const parser = CronExpressionParser.parse("30 2 * * *", { currentDate: from, tz });
console.log(`cron-parser: ${shown([parser.next().toDate(), parser.next().toDate()])}`);
EOF
seen=$(node --no-warnings try.cjs)
diff - <(echo "$seen") <<'EOF'
croner: 03-29T01:30, 03-30T00:30
cron-parser: 03-29T01:30, 03-30T00:30
EOF
echo "as described"
