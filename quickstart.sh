#!/usr/bin/env bash
# From a fresh clone to a picture: installs what is missing, builds zimg, draws zimg.png and then has it from the cache.
#
#   ./quickstart.sh [cmake options, such as -DZIMG_TORCH_PREFIX=DIR]
#
# A libtorch that is already here is used when ZIMG_TORCH or -DZIMG_TORCH_PREFIX names it; else it comes from pip, into
# build/torch. A second run starts in seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. cmake/setup/packages.sh
. cmake/setup/torch.sh
. cmake/setup/build.sh

zimg_install_packages build
zimg_provide_torch "$@"
# The tests need more packages; a build that test.sh has made keeps them.
[ -e build/release/CMakeCache.txt ] || set -- -DZIMG_TESTS=OFF -DZIMG_BENCH=OFF "$@"
zimg_build release "$@" -- bin/zimg lib/libzimg_torch.so

prompt="a house and a tree under a yellow sun"
echo
echo "\$ build/release/bin/zimg draw \"$prompt\" -o zimg.png"
build/release/bin/zimg draw "$prompt" -o zimg.png
echo
echo "And the same once more, which is now in the cache:"
build/release/bin/zimg draw "$prompt" -o zimg.png
