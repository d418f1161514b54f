# Finds libtorch 2.7 to 2.13, the CPU or the CUDA build, in the Python package `torch` or in an unpacked libtorch.
# PyTorch's own config is not used: for a CUDA build it demands the CUDA toolkit, which drawing does not need.
#
# Looked at in this order; a place that was named must do, the others may be passed over:
#   ZIMG_TORCH_PREFIX, Torch_DIR, environment ZIMG_TORCH     the folder that holds include/ and lib/, or its lib/
#   build/torch                                              the virtual environment that the set-up makes
#   python3                                                  the package that `import torch` would load
# What was found is kept in ZIMG_TORCH_PREFIX, so that configuring again gives the same: until Torch_DIR or ZIMG_TORCH names
# another place, or what had been found without being named is gone.
#
# Gives Torch::Library and TorchLibrary_VERSION, TorchLibrary_LIBRARY_DIR, TorchLibrary_IS_CUDA.
set(ZIMG_TORCH_PREFIX "" CACHE PATH "The folder of libtorch that holds include/ and lib/")
set(_torch_oldest 2.7)
set(_torch_newest 2.13)

# The version of the installation at `prefix`, empty where it cannot be told: from the header that is the newest, the
# one before it, or the Python package.
function(_torch_read_version prefix result)
  foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS "${prefix}/include/${header}")
      set(numbers "")
      foreach(part MAJOR MINOR PATCH)
        file(STRINGS "${prefix}/include/${header}" line REGEX "#define TORCH_VERSION_${part} +[0-9]+")
        string(REGEX MATCH "[0-9]+$" number "${line}")
        list(APPEND numbers ${number})
      endforeach()
      if(numbers MATCHES "^[0-9]+;[0-9]+;[0-9]+$")
        list(JOIN numbers "." version)
        set(${result} "${version}" PARENT_SCOPE)
        return()
      endif()
    endif()
  endforeach()
  set(${result} "" PARENT_SCOPE)
  foreach(file version.py build-version)
    if(EXISTS "${prefix}/${file}")
      file(STRINGS "${prefix}/${file}" line REGEX "^(__version__ = ')?[0-9]+\\.[0-9]+\\.[0-9]+" LIMIT_COUNT 1)
      string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" version "${line}")
      set(${result} "${version}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# Why `prefix` cannot be used, in a sentence, or nothing.
function(_torch_judge prefix problem)
  _torch_read_version("${prefix}" version)
  set(sentence "")
  if(NOT EXISTS "${prefix}/lib/libtorch_cpu.so" OR NOT EXISTS "${prefix}/lib/libc10.so"
     OR NOT EXISTS "${prefix}/include/torch/csrc/api/include/torch/torch.h")
    string(CONCAT sentence "${prefix} is no libtorch: lib/libtorch_cpu.so, lib/libc10.so and "
           "include/torch/csrc/api/include/torch/torch.h are expected in it.")
  elseif(NOT version)
    set(sentence "${prefix} does not tell the release of libtorch in include/torch/headeronly/version.h or version.py.")
  else()
    string(REGEX MATCH "^[0-9]+\\.[0-9]+" release "${version}")
    if(release VERSION_LESS _torch_oldest OR release VERSION_GREATER _torch_newest)
      string(CONCAT sentence "${prefix} is libtorch ${version}, and zimg works with ${_torch_oldest} to ${_torch_newest}: "
             "give another with -DZIMG_TORCH_PREFIX=, or `pip install torch==2.13.0`.")
    endif()
  endif()
  set(${problem} "${sentence}" PARENT_SCOPE)
endfunction()

# The place that is named, and what Torch_DIR or the environment asks for; empty where there is none.
function(_torch_named named asked)
  set(other "$ENV{ZIMG_TORCH}")
  if(Torch_DIR)
    get_filename_component(other "${Torch_DIR}/../../.." ABSOLUTE)
  endif()
  set(place "${ZIMG_TORCH_PREFIX}")
  if(place AND place STREQUAL ZIMG_TORCH_KEPT)  # by a run before this one
    if(other AND NOT other STREQUAL ZIMG_TORCH_KEPT_ASKED)
      set(place "${other}")
    elseif(ZIMG_TORCH_KEPT_SEARCHED AND NOT EXISTS "${place}/lib/libtorch_cpu.so")
      set(place "")
    endif()
  elseif(NOT place)
    set(place "${other}")
  endif()
  set(${named} "${place}" PARENT_SCOPE)
  set(${asked} "${other}" PARENT_SCOPE)
endfunction()

# Puts the first usable installation into ZIMG_TORCH_PREFIX, or the reason why there is none into `problem`.
function(_torch_locate problem)
  _torch_named(named asked)
  set(searched FALSE)
  if(named)
    get_filename_component(named "${named}" ABSOLUTE BASE_DIR "${CMAKE_BINARY_DIR}")
    if(EXISTS "${named}/libtorch_cpu.so")
      get_filename_component(named "${named}" DIRECTORY)
    endif()
    set(candidates "${named}")
  else()
    set(searched TRUE)
    file(GLOB candidates "${PROJECT_SOURCE_DIR}/build/torch/lib/python3*/site-packages/torch")
    find_program(_torch_python python3)
    mark_as_advanced(_torch_python)
    if(_torch_python)
      # Looked up, not imported: importing takes seconds.
      execute_process(COMMAND "${_torch_python}" -c
        "import importlib.util as u; s = u.find_spec('torch'); print(list(s.submodule_search_locations)[0] if s else '')"
        OUTPUT_VARIABLE package ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
      list(APPEND candidates ${package})
    endif()
  endif()

  string(CONCAT why "no libtorch was found: install it with `pip install torch==2.13.0`, or give the folder that holds "
         "its include/ and lib/ with -DZIMG_TORCH_PREFIX= or in the environment variable ZIMG_TORCH.")
  foreach(candidate ${candidates})
    _torch_judge("${candidate}" why)
    if(NOT why)
      if(NOT candidate STREQUAL ZIMG_TORCH_KEPT)
        set(ZIMG_TORCH_KEPT "${candidate}" CACHE INTERNAL "What ZIMG_TORCH_PREFIX held at the end of the last run")
        set(ZIMG_TORCH_KEPT_ASKED "${asked}" CACHE INTERNAL "What Torch_DIR or ZIMG_TORCH then named")
        set(ZIMG_TORCH_KEPT_SEARCHED ${searched} CACHE INTERNAL "Whether it had been found without being named")
      endif()
      set(ZIMG_TORCH_PREFIX "${candidate}" CACHE PATH "The folder of libtorch that holds include/ and lib/" FORCE)
      set(${problem} "" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${problem} "${why}" PARENT_SCOPE)
endfunction()

_torch_locate(_torch_problem)
if(NOT _torch_problem)
  set(TorchLibrary_LIBRARY_DIR "${ZIMG_TORCH_PREFIX}/lib")
  _torch_read_version("${ZIMG_TORCH_PREFIX}" TorchLibrary_VERSION)
  set(TorchLibrary_IS_CUDA FALSE)
  if(EXISTS "${TorchLibrary_LIBRARY_DIR}/libtorch_cuda.so")
    set(TorchLibrary_IS_CUDA TRUE)
  endif()
  # The names in libc10 tell which std::string it was built with; packages disagree on where they say it in words.
  file(STRINGS "${TorchLibrary_LIBRARY_DIR}/libc10.so" _torch_new_abi REGEX "_ZN3c105Error.*__cxx11" LIMIT_COUNT 1)
  if(NOT _torch_new_abi)
    string(CONCAT _torch_problem "${ZIMG_TORCH_PREFIX} was built with _GLIBCXX_USE_CXX11_ABI=0, whose strings the other "
           "libraries of this machine do not share: take a build with the C++11 ABI, such as `pip install torch==2.13.0`.")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TorchLibrary
  REQUIRED_VARS TorchLibrary_LIBRARY_DIR _torch_new_abi VERSION_VAR TorchLibrary_VERSION
  REASON_FAILURE_MESSAGE "${_torch_problem}")

# Looked for from a script, as the set-up does, there are no targets.
if(TorchLibrary_FOUND AND NOT TARGET Torch::Library AND NOT CMAKE_SCRIPT_MODE_FILE)
  add_library(Torch::Library INTERFACE IMPORTED)
  set_target_properties(Torch::Library PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES
      "${ZIMG_TORCH_PREFIX}/include;${ZIMG_TORCH_PREFIX}/include/torch/csrc/api/include"
    INTERFACE_COMPILE_DEFINITIONS _GLIBCXX_USE_CXX11_ABI=1
    INTERFACE_LINK_LIBRARIES
      "${TorchLibrary_LIBRARY_DIR}/libtorch.so;${TorchLibrary_LIBRARY_DIR}/libtorch_cpu.so;${TorchLibrary_LIBRARY_DIR}/libc10.so")
  if(TorchLibrary_IS_CUDA)
    # Nothing of ours calls into them: being loaded is what registers the device. What they need of CUDA itself lies in
    # other packages and in the driver, which the building machine may lack.
    set_property(TARGET Torch::Library APPEND PROPERTY INTERFACE_LINK_OPTIONS
      "LINKER:--push-state,--no-as-needed,${TorchLibrary_LIBRARY_DIR}/libtorch_cuda.so,${TorchLibrary_LIBRARY_DIR}/libc10_cuda.so,--pop-state"
      "LINKER:--allow-shlib-undefined")
  endif()
endif()
