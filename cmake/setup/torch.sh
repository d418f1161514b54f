# Where libtorch and the Python packages of the parity tests come from. Sourced after packages.sh, in the repository's root.
#
#   zimg_provide_torch OPTION …     makes sure that configuring with these cmake options finds a libtorch: one that was
#                                   named (-DZIMG_TORCH_PREFIX=, $ZIMG_TORCH), now or when build/release was configured, must
#                                   do; else build/torch, else python3's own package, else it is installed into build/torch
#   zimg_provide_reference          installs the parity tests' packages into build/torch
#
# build/torch is an ordinary Python virtual environment; deleting it makes the next run start over.

zimg_provide_torch() {
  local option named="${ZIMG_TORCH:-}" place=() reason
  [ -z "$(ls build/torch 2> /dev/null)" ] || [ -n "$(ls build/torch/*-requirements.txt 2> /dev/null)" ] || rm -rf build/torch
  for option in "$@"; do
    case "$option" in -DZIMG_TORCH_PREFIX=?*|-DTorch_DIR=?*) named=$option; place=("$option") ;; esac
  done
  ! grep -qs '^ZIMG_TORCH_KEPT_SEARCHED:INTERNAL=FALSE' build/release/CMakeCache.txt || named=${named:-remembered}
  if reason=$(cmake "${place[@]}" -P cmake/setup/find_torch.cmake 2>&1); then return 0; fi
  if [ -n "$named" ]; then
    echo "$reason" >&2
    exit 1
  fi
  zimg_pip_install torch-requirements.txt
}

zimg_provide_reference() { zimg_pip_install parity-requirements.txt; }

# A copy of the list stands in build/torch once all of it is installed: what an interrupted run left is not taken for it. Where
# another release of torch takes the place of one, no list holds until that is done.
zimg_pip_install() {
  local list=cmake/setup/$1 done=build/torch/$1
  [ ! -e "$done" ] || ! cat cmake/setup/torch-requirements.txt "$list" | cmp -s - "$done" || return 0
  zimg_install_packages torch
  if [ ! -x build/torch/bin/pip ]; then
    rm -rf build/torch
    mkdir -p build
    if ! python3 -m venv build/torch >&2; then
      rm -rf build/torch
      echo "python3 cannot make a virtual environment in build/torch: on Debian and Ubuntu, install python3-venv." >&2
      exit 1
    fi
  fi
  rm -f "$done"
  cat cmake/setup/torch-requirements.txt{,} | cmp -s - build/torch/torch-requirements.txt || rm -f build/torch/*-requirements.txt
  echo "Installing the Python packages of $list into build/torch" >&2
  if ! build/torch/bin/pip install --disable-pip-version-check -q -r "$list" >&2; then
    echo "pip could not install $list; a libtorch that is already here can be named with ZIMG_TORCH=DIR." >&2
    exit 1
  fi
  cat cmake/setup/torch-requirements.txt "$list" > "$done"
}
