# A package file of this build, for the languages that find zimg through pkg-config. The installed one is another.
include_guard(GLOBAL)
set(ZIMG_UNINSTALLED_PC "${PROJECT_BINARY_DIR}/bindings/pkgconfig")
file(GENERATE OUTPUT "${ZIMG_UNINSTALLED_PC}/zimg.pc" CONTENT "libdir=$<TARGET_FILE_DIR:zimg>

Name: zimg
Description: ${PROJECT_DESCRIPTION}
Version: ${PROJECT_VERSION}
Cflags: -I${PROJECT_SOURCE_DIR}/include
Libs: -L\${libdir} -lzimg
")
zimg_binding_program(ZIMG_PKG_CONFIG pkg-config pkg-config)
set(ZIMG_UNINSTALLED_ENVIRONMENT "PKG_CONFIG_PATH=${ZIMG_UNINSTALLED_PC}" "PKG_CONFIG=${ZIMG_PKG_CONFIG}"
  "LD_LIBRARY_PATH=$<TARGET_FILE_DIR:zimg>" "ZIMG_INCLUDE_DIR=${PROJECT_SOURCE_DIR}/include"
  "CC=${CMAKE_C_COMPILER}" ${ZIMG_BINDING_ENVIRONMENT})
