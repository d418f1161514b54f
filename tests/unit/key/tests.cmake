foreach(subject article_key quotes folding loose_folding folding_digest synonyms size_grid schedule canonical_request
    picture_key liveness property)
  zimg_add_test(unit key ${subject})
  target_include_directories(test_unit_key_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
