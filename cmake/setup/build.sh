# Configuring and building. Sourced in the repository's root.
#
#   zimg_jobs                          prints how many compilers to run at once
#   zimg_build PRESET OPTION … [-- TARGET …]

# One compiler a core that this process may use, and 2 GiB of memory for each: a file with libtorch's headers takes that.
zimg_jobs() {
  local cores memory limit quota period
  cores=$(nproc)
  if read -r quota period 2> /dev/null < /sys/fs/cgroup/cpu.max && [ "$quota" != max ]; then
    quota=$(((quota + period - 1) / period))
    [ "$quota" -ge "$cores" ] || cores=$quota
  fi
  memory=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  if read -r limit 2> /dev/null < /sys/fs/cgroup/memory.max && [ "$limit" != max ]; then
    limit=$((limit / 1048576))
    [ "$limit" -ge "$memory" ] || memory=$limit
  fi
  memory=$((memory / 2048))
  [ "$memory" -ge 1 ] || memory=1
  [ "$memory" -ge "$cores" ] && echo "$cores" || echo "$memory"
}

zimg_build() {
  local preset=$1 options=() log=build/$1-configure.log
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  if command -v ccache > /dev/null; then
    # A header that was precompiled again is another file with the same content.
    export CCACHE_SLOPPINESS="${CCACHE_SLOPPINESS:-pch_defines,time_macros,include_file_mtime,include_file_ctime}"
    # What a miss is kept by is then the list of headers that the compiler writes: no preprocessor runs before it, which
    # takes a fifth of the time.
    export CCACHE_DEPEND=1
    options+=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  mkdir -p build
  if ! cmake --preset "$preset" "${options[@]}" > "$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  cmake --build "build/$preset" -j "$(zimg_jobs)" ${*:+--target "$@"} >&2
}
