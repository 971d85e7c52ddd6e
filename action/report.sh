#!/usr/bin/env bash
# Previews the program of the current folder and compares it with $BASE. Writes the report to the job's summary and to a
# file. It succeeds if the program fails: the exit codes are outputs, so that the report is published before the job fails.
set -uo pipefail

report="$RUNNER_TEMP/pulumi-offline.md"
errors="$RUNNER_TEMP/pulumi-offline.log"
flags=()
[[ -n "$STACK" ]] && flags+=(--stack "$STACK")
while read -r folder; do
  [[ -n "$folder" ]] && flags+=(--policy-pack "$folder")
done <<<"$POLICY_PACKS"
allowed=()
while read -r change; do
  [[ -n "$change" ]] && allowed+=(--allow "$change")
done <<<"$ALLOW"

# Adds what the command prints to the report, or its error. `--no` never installs a package of that name.
offline() {
  local before code=0
  printed=true
  before=$(wc -c <"$report")
  npx --no -- pulumi-offline "$@" >>"$report" 2>"$errors" || code=$?
  cat "$errors" >&2
  if (($(wc -c <"$report") == before)); then
    printed=false
    printf '~~~~~~text\n%s\n~~~~~~\n' "$(tail -c 4000 "$errors")" >>"$report"
  fi
  return "$code"
}

# GitHub checks a pull request out merged into its base as it is now, which may be newer than the base that the event names:
# what others have merged since then is no change of this pull request.
if [[ -n "$BASE" && "$BASE" == "$PULL_REQUEST_BASE" ]]; then
  parents=$(git cat-file -p HEAD | sed -n 's/^parent //p')
  [[ "$parents" == *$'\n'"$PULL_REQUEST_HEAD" ]] && BASE=${parents%%$'\n'*}
fi

# A shallow checkout lacks the base.
fetch_base() {
  [[ -f "$BASE" ]] || git cat-file -e "$BASE^{commit}" 2>/dev/null ||
    git fetch --quiet --no-tags --depth 1 origin -- "$BASE" ||
    echo "The base $BASE could not be fetched: give actions/checkout fetch-depth: 0." >&2
}

# By its first line, which nobody sees, the comment for this program and stack is found again.
printf '<!-- pulumi-offline report: #%s %s %s -->\n\n' "$PULL_REQUEST" "$WORKING_DIRECTORY" "$STACK" >"$report"
diff=0
if [[ -n "$BASE" ]]; then
  fetch_base
  offline diff "$BASE" --markdown ${flags[@]+"${flags[@]}"} ${allowed[@]+"${allowed[@]}"} || diff=$?
  # A base that does not have the program, or whose program fails, is no fault of the pull request, which may mend it.
  if [[ $printed == false && $diff == 1 ]] && git cat-file -e "$BASE^{commit}" 2>/dev/null; then
    diff=0
    printf '\nNothing was compared with the base.\n' >>"$report"
  fi
  printf '\n<details><summary>The whole preview</summary>\n\n' >>"$report"
fi
preview=0
offline preview --markdown ${flags[@]+"${flags[@]}"} || preview=$?
[[ -n "$BASE" ]] && printf '\n</details>\n' >>"$report"

cat "$report" >>"$GITHUB_STEP_SUMMARY"
{
  echo "report=$report"
  echo "preview=$preview"
  echo "diff=$diff"
} >>"$GITHUB_OUTPUT"
