# Models that tests make for themselves. A list by itself holds no test.
add_library(test_models STATIC EXCLUDE_FROM_ALL
  "${CMAKE_CURRENT_LIST_DIR}/formula_model.cpp"
  "${CMAKE_CURRENT_LIST_DIR}/released_model.cpp"
  "${CMAKE_CURRENT_LIST_DIR}/tokenizer_files.cpp")
target_link_libraries(test_models PUBLIC zimg_core zimg_build)
target_include_directories(test_models PUBLIC "${PROJECT_SOURCE_DIR}/tests")
target_compile_definitions(test_models PRIVATE
  "ZIMG_TEST_DATA=\"${PROJECT_SOURCE_DIR}/tests/data\"" "ZIMG_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
