#!/usr/bin/env bash
# The proofs of the cache and of keys at full length, which the ordinary suite shortens. Minutes to an hour each; what
# they print stands in docs/operations.md.
#
#   tests/long_run.sh [--build FOLDER] NAME…     FOLDER: build/release if not given
#
#   kills        10,000 kills of a writer, and 2,500 of one that evicts
#   processes    1,000,000 transactions of four processes; 10,000 kills of one beside two survivors
#   power_loss   100,000 states of a disk after the power went, or ZIMG_POWER_LOSSES
#   damage       10,000 bits flipped, 10,000 pages of noise, 1,000 truncations
#   namespaces   1,000,000 operations against a model of what each namespace holds
#   key_pairs    10,000,000 pairs of requests: equal keys where the canonical requests are equal, and only there
#   article      200,000 requests whose article keys Python makes too
#   fuzz         every fuzzer for an hour, or ZIMG_FUZZ_SECONDS; needs the preset fuzz built
#   all          all of these but fuzz
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. cmake/setup/fuzz.sh

build=build/release
if [ "${1:-}" = --build ]; then
  build=$2
  shift 2
fi
[ $# -gt 0 ] || { sed -n '2,/^set/{s/^# \{0,1\}//;/^set/d;p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

# run TEST VARIABLE=NUMBER…: one test program at that length, telling its counts.
run() {
  local program=$build/tests/test_$1
  shift
  env "$@" "$program" --log_level=message
}

fuzz() {
  local program failed=0
  for program in build/fuzz/fuzz/*_fuzz; do
    if zimg_fuzz "$program" "${ZIMG_FUZZ_SECONDS:-3600}"; then
      echo "$(basename "$program"): nothing found"
    else
      echo "$(basename "$program"): see build/fuzz/$(basename "$program" _fuzz).log"
      failed=1
    fi
  done
  return "$failed"
}

long_run() {
  case "$1" in
    kills) run crash_cache_kill ZIMG_KILLS=10000 ;;
    processes) run crash_cache_processes ZIMG_KILLS=10000 ZIMG_TRANSACTIONS=1000000 ;;
    power_loss) run crash_cache_power_loss ZIMG_POWER_LOSSES="${ZIMG_POWER_LOSSES:-100000}" ;;
    damage) run crash_cache_damage ZIMG_DAMAGES=10000 ;;
    namespaces) run unit_generator_namespaces ZIMG_NAMESPACE_OPERATIONS=1000000 ;;
    key_pairs) run unit_key_property ZIMG_PROPERTY_PAIRS=10000000 ;;
    article) ZIMG_PROGRAM=$PWD/$build/bin/zimg ZIMG_CAN_DRAW=0 ZIMG_ARTICLE_REQUESTS=200000 \
      python3 -B tests/program/app/key_test.py ArticleKey.test_equals_python_on_random_requests ;;
    fuzz) fuzz ;;
    *) echo "long_run.sh: '$1' is no long run; kills, processes, power_loss, damage, namespaces, key_pairs, article," \
      "fuzz or all is expected" >&2; return 2 ;;
  esac
}

names=()
for name in "$@"; do
  if [ "$name" = all ]; then
    names+=(key_pairs article namespaces damage kills processes power_loss)
  else
    names+=("$name")
  fi
done
failed=0
for name in "${names[@]}"; do
  echo "== $name"
  long_run "$name" || failed=1
done
exit "$failed"
