# What a program gets that uses zimg: a package that builds and runs, and no symbol but zimg's own.
set(consumer_dir "${PROJECT_SOURCE_DIR}/tests/consumer")

# The program in C99, here in the build: .ci/run watches it with valgrind as well.
add_executable(consumer_in_c "${consumer_dir}/main.c")
target_link_libraries(consumer_in_c PRIVATE zimg::capi)
if(ZIMG_SANITIZE)  # the runtime of a sanitizer must be there before the library's
  target_link_libraries(consumer_in_c PRIVATE zimg_build)
endif()
set_target_properties(consumer_in_c PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
add_test(NAME consumer.package.in_c COMMAND consumer_in_c)
set_tests_properties(consumer.package.in_c PROPERTIES LABELS consumer)

foreach(outside OFF ON)
  set(name consumer.package.folders_outside_${outside})
  add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" "-DSOURCE=${PROJECT_SOURCE_DIR}" -DOUTSIDE=${outside}
    -P "${consumer_dir}/package/folders.cmake")
  set_tests_properties(${name} PROPERTIES LABELS consumer)
endforeach()
set_tests_properties(consumer.package.folders_outside_ON PROPERTIES PASS_REGULAR_EXPRESSION
  "CMAKE_INSTALL_LIBDIR is '/opt/a place too/lib'; a folder within")

# A consumer would have to be built with the sanitizer as well, and would then test the sanitizer's linking.
get_target_property(library_type zimg TYPE)
if(NOT ZIMG_SANITIZE AND library_type STREQUAL "SHARED_LIBRARY")
  foreach(how find_package add_subdirectory fetch_content)
    add_test(NAME consumer.package.${how} COMMAND "${CMAKE_COMMAND}" -DHOW=${how} "-DSOURCE=${PROJECT_SOURCE_DIR}"
      "-DBUILD=${PROJECT_BINARY_DIR}" "-DWORK=${PROJECT_BINARY_DIR}/consumer/${how}"
      "-DLAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}" "-DENGINE=${ZIMG_ENGINE}" "-DTYPE=${CMAKE_BUILD_TYPE}"
      "-DWERROR=${ZIMG_WERROR}" -P "${consumer_dir}/package/consume.cmake")
    set_tests_properties(consumer.package.${how} PROPERTIES LABELS consumer TIMEOUT 900)
  endforeach()

  # Debug builds are larger, and nobody ships them.
  if(CMAKE_BUILD_TYPE MATCHES "^Rel")
    add_test(NAME consumer.package.size COMMAND "${CMAKE_COMMAND}" "-DLIBRARY=$<TARGET_FILE:zimg>"
      "-DSTRIP=${CMAKE_STRIP}" "-DWORK=${PROJECT_BINARY_DIR}/consumer/size" -DMOST_BYTES=3000000 -DMOST_OBJECTS=10
      -P "${consumer_dir}/package/size.cmake")
    set_tests_properties(consumer.package.size PROPERTIES LABELS consumer)
  endif()

  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_test(NAME consumer.host.own_libraries COMMAND Python3::Interpreter -B "${consumer_dir}/host/host_test.py"
    "${CMAKE_C_COMPILER}" "${PROJECT_SOURCE_DIR}" "$<TARGET_FILE:zimg>")
  set_tests_properties(consumer.host.own_libraries PROPERTIES LABELS consumer)

  set(api "zimg::v0::|(typeinfo|typeinfo name|vtable|non-virtual thunk) (for|to) zimg::v0::|zimg_")
  add_test(NAME consumer.package.exports COMMAND "${CMAKE_COMMAND}" "-DNM=${CMAKE_NM}" "-DLIBRARY=$<TARGET_FILE:zimg>"
    "-DALLOWED=${api}" -P "${consumer_dir}/package/exports.cmake")
  # The same check must be able to fail: the C++ API is foreign where only C names are allowed.
  add_test(NAME consumer.package.exports_objects COMMAND "${CMAKE_COMMAND}" "-DNM=${CMAKE_NM}"
    "-DLIBRARY=$<TARGET_FILE:zimg>" -DALLOWED=zimg_ -P "${consumer_dir}/package/exports.cmake")
  set_tests_properties(consumer.package.exports_objects PROPERTIES WILL_FAIL TRUE)
  set_tests_properties(consumer.package.exports consumer.package.exports_objects PROPERTIES LABELS consumer)
  if(TARGET zimg_torch)
    add_test(NAME consumer.package.engine_exports COMMAND "${CMAKE_COMMAND}" "-DNM=${CMAKE_NM}"
      "-DLIBRARY=$<TARGET_FILE:zimg_torch>" -DALLOWED=zimg_engine_table$ -P "${consumer_dir}/package/exports.cmake")
    set_tests_properties(consumer.package.engine_exports PROPERTIES LABELS consumer)
  endif()
endif()
