# `cmake [-DZIMG_TORCH_PREFIX=DIR] -P cmake/setup/find_torch.cmake` fails where no usable libtorch is there, and says why:
# the same search, in the same order, as configuring makes.
cmake_minimum_required(VERSION 3.25)
get_filename_component(PROJECT_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
find_package(TorchLibrary REQUIRED)
