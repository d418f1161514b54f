foreach(subject damage kill processes)
  zimg_add_test(crash cache ${subject})
  target_include_directories(test_crash_cache_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
