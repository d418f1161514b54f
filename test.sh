#!/usr/bin/env bash
# Builds zimg with its tests and runs the ordinary suite: everything but the sanitizers and the fuzzers of .ci/run.
#
#   ./test.sh [cmake options]
#
# Needs nothing outside the repository but Debian or Ubuntu packages and the Python packages of the reference, which it
# installs into build/torch. Ends with one line, `N passed, N failed`, counted over test cases: those of Boost.Test and of
# Python's unittest, and one for each CTest test of another kind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. cmake/setup/packages.sh
. cmake/setup/torch.sh
. cmake/setup/build.sh
. cmake/setup/suite.sh

zimg_install_packages build torch test
zimg_provide_torch "$@"
zimg_provide_reference
zimg_build release -DZIMG_TESTS=ON -DZIMG_BENCH=ON "-DZIMG_REFERENCE_PYTHON=$PWD/build/torch/bin/python" "$@"
zimg_suite release
python3 cmake/setup/count_tests.py build/release/tests.xml
