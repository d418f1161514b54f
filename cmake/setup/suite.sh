# Running the tests of a build. Sourced in the repository's root.
#
#   zimg_suite PRESET [ctest options]     runs the tests of build/PRESET; what became of each stands in
#                                         build/PRESET/tests.xml, which count_tests.py reads. Never fails.
zimg_suite() {
  local preset=$1
  shift
  # The report at the end of each Boost.Test program is what the cases are counted from.
  BOOST_TEST_REPORT_LEVEL=short BOOST_TEST_COLOR_OUTPUT=no ctest --test-dir "build/$preset" -j "$(nproc)" \
    --output-on-failure --no-tests=error --output-junit "tests.xml" \
    --test-output-size-passed 1000000 --test-output-size-failed 1000000 "$@" >&2 || true
}
