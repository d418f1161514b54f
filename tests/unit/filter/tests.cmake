foreach(subject corpus keyword_file keyword_filter matching_form phrase_automaton word_finder)
  zimg_add_test(unit filter ${subject})
  target_include_directories(test_unit_filter_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
