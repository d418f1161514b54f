# What zimg needs from the distribution, and how it is put there. Sourced by quickstart.sh, test.sh and .ci/run.
#
#   zimg_install_packages build|torch|test|ci …    installs what these purposes lack; exits 1 with the line to type where
#                                                  it may not
#
# Nothing is asked of a package list when all is there, so a second run costs milliseconds. Headers and commands are what
# is looked for, not package names: a machine that has them from elsewhere is left as it is.

# purpose | Debian and Ubuntu package | header it gives, or command after a !, or Python modules after a %
zimg_package_table='
build|g++|!c++
build|cmake|!cmake
build|ninja-build|!ninja
build|liblmdb-dev|lmdb.h
build|libssl-dev|openssl/evp.h
build|libpng-dev|png.h
build|zlib1g-dev|zlib.h
build|libturbojpeg0-dev|turbojpeg.h
build|libutf8proc-dev|utf8proc.h
build|libopencc-dev|opencc/opencc.h
build|libxxhash-dev|xxhash.h
build|nlohmann-json3-dev|nlohmann/json.hpp
build|libcli11-dev|CLI/CLI.hpp
torch|python3|!python3
torch|python3-venv|%venv ensurepip
test|libboost-test-dev|boost/test/unit_test.hpp
test|abigail-tools|!abidiff
test|ccache|!ccache
test|cargo|!cargo
test|golang-go|!go
test|pkg-config|!pkg-config
test|mono-mcs|!mcs
test|mono-runtime|!mono
ci|clang-14|!clang++-14
ci|libclang-rt-14-dev|!clang++-14
ci|clang-format-14|!clang-format-14
ci|doxygen|!doxygen
ci|dpkg-dev|!dpkg-shlibdeps
ci|lintian|!lintian
ci|valgrind|!valgrind
'

# Prints the packages that the given purposes lack, one a line.
zimg_missing_packages() {
  local wanted=" $* " purpose package probe source="" module
  while IFS='|' read -r purpose package probe; do
    case "$wanted" in *" $purpose "*) ;; *) continue ;; esac
    case "$probe" in
      '!'*) command -v "${probe#!}" > /dev/null || echo "$package" ;;
      '%'*)
        for module in ${probe#%}; do
          python3 -c "import $module" 2> /dev/null || { echo "$package"; break; }
        done ;;
      *) source+="#if !__has_include(<$probe>)"$'\n'"$package"$'\n'"#endif"$'\n' ;;
    esac
  done <<< "$zimg_package_table"
  if command -v c++ > /dev/null; then
    c++ -std=c++20 -E -P -x c++ - <<< "$source"
  else
    grep -v '^#' <<< "$source"
  fi | sed '/^[[:space:]]*$/d'
}

zimg_install_packages() {
  local missing as_root=""
  missing=$(zimg_missing_packages "$@" | sort -u | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0

  if ! command -v apt-get > /dev/null; then
    echo "zimg needs what Debian and Ubuntu call: $missing" >&2
    echo "Install these with this machine's package manager, then run this again." >&2
    exit 1
  fi
  if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    if ! sudo -n true 2> /dev/null; then
      echo "Some packages are missing, and installing them needs the administrator. Type this, then run this again:" >&2
      echo "sudo apt-get update && sudo apt-get install -y $missing" >&2
      exit 1
    fi
  fi
  echo "Installing: $missing" >&2
  # The lists may be absent or stale; fetching them is only worth it when the first try says so.
  local install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing"
  if ! $install > /dev/null 2>&1; then
    $as_root apt-get update -q >&2 && $install >&2 || {
      echo "apt-get could not install: $missing" >&2
      exit 1
    }
  fi
}
