#!/usr/bin/env bash
# Fails when a C or C++ file is not laid out as .clang-format says; `--fix` lays it out. Only clang-format 14 counts, the
# release in Debian 12: others disagree with it in places.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

formatter=""
for name in clang-format-14 clang-format; do
  if command -v "$name" > /dev/null && "$name" --version | grep -q 'version 14\.'; then formatter=$name; break; fi
done
if [ -z "$formatter" ]; then
  echo "clang-format 14 is not here; Debian 12 and Ubuntu have it as clang-format-14" >&2
  exit 1
fi

mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -z -- '*.c' '*.h' '*.cpp' '*.hpp' | xargs -0 -r "$formatter" "${mode[@]}"
