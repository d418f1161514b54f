# What a program gets that uses zimg: a package that builds and runs, and no symbol but zimg's own.
set(consumer_dir "${PROJECT_SOURCE_DIR}/tests/consumer")

# A consumer would have to be built with the sanitizer as well, and would then test the sanitizer's linking.
if(NOT ZIMG_SANITIZE)
  foreach(how find_package add_subdirectory)
    add_test(NAME consumer.package.${how} COMMAND "${CMAKE_COMMAND}" -DHOW=${how} "-DSOURCE=${PROJECT_SOURCE_DIR}"
      "-DBUILD=${PROJECT_BINARY_DIR}" "-DWORK=${PROJECT_BINARY_DIR}/consumer/${how}"
      "-DLAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER}" -P "${consumer_dir}/package/consume.cmake")
    set_tests_properties(consumer.package.${how} PROPERTIES LABELS consumer TIMEOUT 900)
  endforeach()

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
