# Running the fuzzers of build/fuzz. Sourced in the repository's root.
#
#   zimg_fuzz PROGRAM SECONDS     over a copy of its corpus; what it says stands in build/fuzz/<name>.log, what it finds
#                                 in build/fuzz/found. Fails where it found something.
zimg_fuzz() {
  local program=$1 seconds=$2 name corpus
  name=$(basename "$program" _fuzz)
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus" build/fuzz/found
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/$name-" \
    "$corpus" "tests/fuzz/corpus/$name" > "build/fuzz/$name.log" 2>&1
}
