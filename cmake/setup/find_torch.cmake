# `cmake [-DZIMG_TORCH_PREFIX=DIR] -P cmake/setup/find_torch.cmake` fails where no usable libtorch is there, and says why:
# the same search, in the same order, as configuring build/release makes, which remembers the place.
cmake_minimum_required(VERSION 3.25)
get_filename_component(PROJECT_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
if(EXISTS "${PROJECT_SOURCE_DIR}/build/release/CMakeCache.txt")
  file(STRINGS "${PROJECT_SOURCE_DIR}/build/release/CMakeCache.txt" remembered REGEX "^(ZIMG_TORCH_[A-Z_]+|Torch_DIR):")
  foreach(entry ${remembered})
    string(REGEX MATCH "^([A-Za-z_]+):[A-Z]+=(.*)$" entry "${entry}")
    set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}" CACHE STRING "Yields to what was given with -D")
  endforeach()
endif()
find_package(TorchLibrary REQUIRED)
