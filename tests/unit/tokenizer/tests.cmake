foreach(subject pre_tokenizer tokenizer)
  zimg_add_test(unit tokenizer ${subject})
  target_include_directories(test_unit_tokenizer_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
