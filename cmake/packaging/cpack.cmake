# What `cpack` makes of a build: Debian packages, one for each part of cmake/zimg_install.cmake, and one archive of all.
# docs/packaging.md says who gets what, and where the engine finds libtorch.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME zimg)
set(CPACK_PACKAGE_VENDOR "The zimg authors")
set(CPACK_PACKAGE_CONTACT "The zimg authors <zimg@example.invalid>")
# Of each package its own: the first line of its description.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/finish_tree.cmake")
set(CPACK_COMPONENTS_ALL core dev)
if(TARGET zimg_torch)
  list(APPEND CPACK_COMPONENTS_ALL engine)
endif()
if(TARGET zimg_app)
  list(APPEND CPACK_COMPONENTS_ALL tool)
endif()

get_target_property(abi zimg SOVERSION)
set(same "(= ${PROJECT_VERSION})")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}" ${TorchLibrary_LIBRARY_DIR})

set(CPACK_DEBIAN_CORE_PACKAGE_NAME libzimg${abi})
set(CPACK_DEBIAN_CORE_PACKAGE_SECTION libs)
file(WRITE "${PROJECT_BINARY_DIR}/packaging/shlibs" "libzimg ${abi} libzimg${abi} (>= ${PROJECT_VERSION})\n")
file(WRITE "${PROJECT_BINARY_DIR}/packaging/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_CORE_PACKAGE_CONTROL_EXTRA "${PROJECT_BINARY_DIR}/packaging/shlibs"
  "${PROJECT_BINARY_DIR}/packaging/triggers")
set(CPACK_DEBIAN_CORE_PACKAGE_SUGGESTS "libzimg${abi}-engine ${same}")
set(CPACK_COMPONENT_CORE_DESCRIPTION "library that draws pictures from prompts and keeps them
The library with the APIs of C and C++, its cache, and a built-in model of
19 megabytes. What was drawn before is found in microseconds. Drawing itself
is in libzimg${abi}-engine.")

# libtorch 2.7 and later is no package of the distribution, so it is no dependency either: dpkg-shlibdeps finds it among
# the private folders, belonging to nobody, and names the packages of all else.
set(CPACK_DEBIAN_ENGINE_PACKAGE_NAME libzimg${abi}-engine)
set(CPACK_DEBIAN_ENGINE_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_ENGINE_PACKAGE_CONTROL_EXTRA "${PROJECT_BINARY_DIR}/packaging/triggers")
set(CPACK_DEBIAN_ENGINE_PACKAGE_DEPENDS "libzimg${abi} ${same}")
set(CPACK_COMPONENT_ENGINE_DESCRIPTION "engine of libzimg, which draws with libtorch
A module that libzimg opens at the first picture it has to draw. It needs
libtorch ${TorchLibrary_VERSION}, which the distribution does not have: as the Python
package torch, for example. The environment variable ZIMG_TORCH names its
folder, or a link /usr/lib/zimg/torch does.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libzimg-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libzimg${abi} ${same}")
set(CPACK_COMPONENT_DEV_DESCRIPTION "headers of libzimg, for C and C++
The headers, a package for CMake's find_package, and zimg.pc for pkg-config.")

set(CPACK_DEBIAN_TOOL_PACKAGE_NAME zimg)
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS "libzimg${abi} ${same}")
set(CPACK_DEBIAN_TOOL_PACKAGE_RECOMMENDS "libzimg${abi}-engine ${same}")
set(CPACK_COMPONENT_TOOL_DESCRIPTION "draws pictures from prompts and never the same one twice
The program zimg: draws, looks after the cache, converts and inspects models.")

include(CPack)
