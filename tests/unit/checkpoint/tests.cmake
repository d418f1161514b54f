foreach(subject safetensors config expected_tensors part_weights model_folder single_file model_identity number_cast)
  zimg_add_test(unit checkpoint ${subject})
  target_include_directories(test_unit_checkpoint_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
