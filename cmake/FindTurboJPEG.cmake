# Finds the TurboJPEG API of libjpeg-turbo 2.1 or later, whose CMake config Debian 12 leaves out. Gives
# TurboJPEG::TurboJPEG.
find_path(TurboJPEG_INCLUDE_DIR turbojpeg.h)
find_library(TurboJPEG_LIBRARY turbojpeg)
if(TurboJPEG_INCLUDE_DIR)
  # 2.1 brought the limit on the scans of a progressive picture, which keeps a small file from taking minutes.
  file(STRINGS "${TurboJPEG_INCLUDE_DIR}/turbojpeg.h" TurboJPEG_HAS_LIMIT REGEX "define TJFLAG_LIMITSCANS")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TurboJPEG
  REQUIRED_VARS TurboJPEG_LIBRARY TurboJPEG_INCLUDE_DIR TurboJPEG_HAS_LIMIT)
if(TurboJPEG_FOUND AND NOT TARGET TurboJPEG::TurboJPEG)
  add_library(TurboJPEG::TurboJPEG UNKNOWN IMPORTED)
  set_target_properties(TurboJPEG::TurboJPEG PROPERTIES
    IMPORTED_LOCATION "${TurboJPEG_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${TurboJPEG_INCLUDE_DIR}")
endif()
mark_as_advanced(TurboJPEG_INCLUDE_DIR TurboJPEG_LIBRARY)
