# What `cmake --install` puts where: the library with its headers and package config, the engine module beside it, the
# built-in model under share/zimg; src/app adds the program. The tree may be moved as a whole: nothing in it names its own
# place. A part is installed alone by `--component`: core, engine, dev or tool, which are also the Debian packages.
include(CMakePackageConfigHelpers)

install(DIRECTORY include/zimg DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev
  FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(TARGETS zimg zimg_c EXPORT zimgTargets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT core NAMELINK_COMPONENT dev
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev)
if(TARGET zimg_torch)
  install(TARGETS zimg_torch LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT engine)
endif()

install(DIRECTORY src/builtin_model/model DESTINATION "${CMAKE_INSTALL_DATADIR}/zimg" COMPONENT core)
install(FILES LICENSE NOTICE DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT core)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/zimg")
get_target_property(type zimg TYPE)
string(REPLACE "_LIBRARY" "" zimg_library_type "${type}")
set(zimg_model_dir "${CMAKE_INSTALL_DATADIR}/zimg/model")
set(zimg_libdir "${CMAKE_INSTALL_LIBDIR}")
set(zimg_bindir "${CMAKE_INSTALL_BINDIR}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/zimgConfig.cmake.in" "${PROJECT_BINARY_DIR}/zimgConfig.cmake"
  INSTALL_DESTINATION "${config_dir}" PATH_VARS zimg_model_dir zimg_libdir zimg_bindir)
# Before 1.0 a minor release may change the API.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/zimgConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/zimgConfig.cmake" "${PROJECT_BINARY_DIR}/zimgConfigVersion.cmake"
  DESTINATION "${config_dir}" COMPONENT dev)
if(zimg_library_type STREQUAL "STATIC")
  foreach(module LMDB TurboJPEG utf8proc xxhash)
    install(FILES "cmake/Find${module}.cmake" DESTINATION "${config_dir}" COMPONENT dev)
  endforeach()
endif()
install(EXPORT zimgTargets NAMESPACE zimg:: DESTINATION "${config_dir}" COMPONENT dev)

file(RELATIVE_PATH zimg_prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" zimg_prefix_from_pc "${zimg_prefix_from_pc}")
set(zimg_includedir_in_pc "${CMAKE_INSTALL_INCLUDEDIR}")
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  string(PREPEND zimg_includedir_in_pc "\${prefix}/")
endif()
configure_file("${PROJECT_SOURCE_DIR}/cmake/zimg.pc.in" "${PROJECT_BINARY_DIR}/zimg.pc" @ONLY)
if(zimg_library_type STREQUAL "STATIC")  # LMDB has no .pc file of its own making, and a C compiler no C++ runtime
  file(APPEND "${PROJECT_BINARY_DIR}/zimg.pc" "Requires.private: libcrypto libpng libturbojpeg libutf8proc libxxhash zlib\n"
    "Libs.private: -llmdb -lstdc++ -lm -ldl -pthread\n")
endif()
install(FILES "${PROJECT_BINARY_DIR}/zimg.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT dev)
