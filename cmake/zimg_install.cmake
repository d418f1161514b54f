# What `cmake --install` puts where: the library with its headers and package config, the engine module beside it, the
# built-in model under share/zimg; src/app adds the program. The tree may be moved as a whole: nothing in it names its own place.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/zimg DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(TARGETS zimg zimg_c EXPORT zimgTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(TARGET zimg_torch)
  install(TARGETS zimg_torch LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()

install(DIRECTORY src/builtin_model/model DESTINATION "${CMAKE_INSTALL_DATADIR}/zimg")
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/zimg")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/zimgConfig.cmake.in" "${PROJECT_BINARY_DIR}/zimgConfig.cmake"
  INSTALL_DESTINATION "${config_dir}")
# Before 1.0 a minor release may change the API.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/zimgConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/zimgConfig.cmake" "${PROJECT_BINARY_DIR}/zimgConfigVersion.cmake"
  DESTINATION "${config_dir}")
install(EXPORT zimgTargets NAMESPACE zimg:: DESTINATION "${config_dir}")
