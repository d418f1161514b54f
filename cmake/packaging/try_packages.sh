#!/usr/bin/env bash
# Makes the packages of a build with the engine, reads them with lintian, installs the Debian ones on this machine, uses
# them as a stranger would, and removes them.
#
#   cmake/packaging/try_packages.sh BUILD
#
# Needs the administrator's rights (root, or sudo that asks nothing). Refuses where zimg is installed already.
set -euo pipefail
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)

say() { echo "packages: $*"; }
fail() {
  echo "packages: $*" >&2
  exit 1
}

names=(libzimg0 libzimg0-engine libzimg-dev zimg)
if dpkg -s "${names[@]}" 2> /dev/null | grep -q '^Status: .* installed'; then
  fail "one of ${names[*]} is installed here: it would be replaced and removed"
fi
[ ! -e /usr/lib/zimg ] || fail "/usr/lib/zimg is there already"

leave() {
  "${as_root[@]}" rm -rf /usr/lib/zimg/torch
  "${as_root[@]}" rmdir /usr/lib/zimg 2> /dev/null || true
  "${as_root[@]}" dpkg --purge "${names[@]}" > "$work/purge.log" 2>&1 || cat "$work/purge.log" >&2
  rm -rf "$work"
}
trap leave EXIT

rm -rf "$build/packages"
(cd "$build" && cpack > "$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; fail "cpack failed"; }
debs=("$build"/packages/*.deb)
[ "${#debs[@]}" = 4 ] || fail "4 Debian packages are expected: ${debs[*]}"

say "lintian"
lintian --allow-root --fail-on error "${debs[@]}" || fail "lintian finds errors"

torch=$(sed -n 's/^ZIMG_TORCH_PREFIX:PATH=//p' "$build/CMakeCache.txt")
say "the archive"
mkdir "$work/unpacked"
tar -xzf "$build"/packages/*.tar.gz -C "$work/unpacked" --strip-components=1
ZIMG_TORCH=$torch "$work/unpacked/bin/zimg" key "a red circle" > "$work/key_of_archive"

say "installing"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${debs[@]}" \
  > "$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "apt-get cannot install them"; }
cd "$work"
export XDG_CACHE_HOME=$work/cache
[ "$(command -v zimg)" = /usr/bin/zimg ] || fail "zimg is $(command -v zimg), not the installed one"
ZIMG_TORCH=$torch zimg key "a red circle" | cmp - key_of_archive || fail "the archive and the package give different keys"

picture=(zimg draw "a red circle" --size 64x64 --steps 2)
if env -u ZIMG_TORCH "${picture[@]}" --no-cache -o none.png 2> refusal; then
  fail "it drew without being told where libtorch is"
fi
grep -q libtorch refusal || fail "the sentence does not name what is missing: $(cat refusal)"

ZIMG_TORCH=$torch "${picture[@]}" -o drawn.png
ZIMG_TORCH=$torch "${picture[@]}" --only-if-cached -o found.png
cmp drawn.png found.png || fail "the hit is another picture"
"${as_root[@]}" mkdir /usr/lib/zimg
"${as_root[@]}" ln -s "$torch" /usr/lib/zimg/torch
env -u ZIMG_TORCH "${picture[@]}" --no-cache -o linked.png
cmp drawn.png linked.png || fail "the picture drawn by way of /usr/lib/zimg/torch is another"

say "building against it"
read -ra flags <<< "$(pkg-config --cflags --libs zimg)"
cc -std=c99 -pedantic -Wall -Wextra -Werror "$source/tests/consumer/main.c" "${flags[@]}" -o in_c
env -u ZIMG_TORCH ./in_c engine
cmake -G Ninja -S "$source/tests/consumer/find_package" -B in_cxx -DEXPECT_ENGINE=ON > cmake.log 2>&1 &&
  cmake --build in_cxx > cmake.log 2>&1 || { cat cmake.log; fail "find_package does not find it"; }
env -u ZIMG_TORCH in_cxx/consumer engine
# From the package: a small machine installs no manuals.
dpkg-deb --fsys-tarfile "$build"/packages/zimg_*.deb | tar -xO ./usr/share/man/man1/zimg-draw.1.gz | zcat > page
grep -q only page || fail "zimg-draw(1) tells of no option"
say "all of it works"
