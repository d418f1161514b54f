if(ZIMG_ENGINE)
  foreach(subject attention composed_kernels compute_plan convolution cuda_runtime gpu_sharing guidance half_precision host_settings image_pool kernels
      memory_check noise linear part_loader pipeline reference_numbers rope_table tiling)
    zimg_add_test(unit engine ${subject} LIBRARIES zimg_engine test_models)
  endforeach()
  # The module is opened as libzimg opens it: by its file.
  zimg_add_test(unit engine module LIBRARIES test_models ${CMAKE_DL_LIBS})
  target_compile_definitions(test_unit_engine_module PRIVATE "ZIMG_ENGINE_MODULE=\"$<TARGET_FILE:zimg_torch>\"")
  add_dependencies(test_unit_engine_module zimg_torch)
endif()
