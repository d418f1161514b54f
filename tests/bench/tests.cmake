# Programs that print figures of docs/performance.md; ctest does not run them. bench/<folder>/<subject>_bench.cpp becomes
# tests/bench_<folder>_<subject> of the build.
if(ZIMG_BENCH)
  find_package(LMDB 0.9.24 REQUIRED)
  foreach(bench cache/hit cache/import generator/busy generator/miss key/canonical)
    string(REPLACE "/" "_" target "bench_${bench}")
    add_executable(${target} "${CMAKE_CURRENT_SOURCE_DIR}/bench/${bench}_bench.cpp")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
    target_link_libraries(${target} PRIVATE zimg_core zimg_build LMDB::LMDB)
    target_compile_definitions(${target} PRIVATE "ZIMG_TEST_DATA=\"${PROJECT_SOURCE_DIR}/tests/data\""
      "ZIMG_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  endforeach()
endif()
