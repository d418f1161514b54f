foreach(subject duration error excerpt float_below folder_listing hex json memory_use namespace_name output_path processor
    random_bits secret_box sha256)
  zimg_add_test(unit base ${subject})
  target_include_directories(test_unit_base_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
