zimg_add_test(contract cache icache LIBRARIES zimg_capi)
target_include_directories(test_contract_cache_icache PRIVATE "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/tests"
  "${PROJECT_SOURCE_DIR}/tests/capi")
