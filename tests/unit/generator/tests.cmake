foreach(subject conversion delivery failing_cache flight flight_table forked_child generator inspection joining work_queue
    wrong_use)
  zimg_add_test(unit generator ${subject})
  target_include_directories(test_unit_generator_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
