foreach(subject conversion inspection)
  zimg_add_test(unit generator ${subject})
  target_include_directories(test_unit_generator_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
