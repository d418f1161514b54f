foreach(subject jpeg_codec parameters picture_texts png_codec)
  zimg_add_test(unit image ${subject})
  target_include_directories(test_unit_image_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
