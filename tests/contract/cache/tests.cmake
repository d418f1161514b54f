zimg_add_test(contract cache icache)
target_include_directories(test_contract_cache_icache PRIVATE "${PROJECT_SOURCE_DIR}/tests")
