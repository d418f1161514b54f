if(ZIMG_BENCH)
  add_executable(bench_capi_hit "${CMAKE_CURRENT_SOURCE_DIR}/bench/capi/hit_bench.cpp")
  target_include_directories(bench_capi_hit PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_compile_definitions(bench_capi_hit PRIVATE "ZIMG_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
  # The library as programs get it: both APIs from one binary.
  target_link_libraries(bench_capi_hit PRIVATE zimg::zimg zimg_build)
  set_target_properties(bench_capi_hit PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
endif()
