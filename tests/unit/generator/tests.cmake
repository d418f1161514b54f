foreach(subject canonical_drawing conversion delivery engine_module engine_pipeline engine_profile failing_cache flight flight_table
    forked_child generator inspection joining keywords memory modes namespaces prewarm processes refresh swapped_model trace
    waiting_room work_queue wrong_use)
  zimg_add_test(unit generator ${subject})
  target_include_directories(test_unit_generator_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()

# Engine modules that need no libtorch: one that works, and those that must be refused.
function(zimg_add_fake_engine name)
  add_library(fake_engine_${name} MODULE "${CMAKE_CURRENT_SOURCE_DIR}/unit/generator/fake_engine.c")
  target_include_directories(fake_engine_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_compile_definitions(fake_engine_${name} PRIVATE "ZIMG_VERSION=\"${PROJECT_VERSION}\"" ${ARGN})
  set_target_properties(fake_engine_${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/fake_engines" OUTPUT_NAME ${name})
  foreach(subject module pipeline profile)
    add_dependencies(test_unit_generator_engine_${subject} fake_engine_${name})
  endforeach()
endfunction()
zimg_add_fake_engine(sound)
set_target_properties(fake_engine_sound PROPERTIES BUILD_RPATH "$ORIGIN/torch/lib")
zimg_add_fake_engine(other_abi FAKE_ABI=2u)
zimg_add_fake_engine(other_release "FAKE_VERSION=\"0.0.9\"")
zimg_add_fake_engine(short_table "FAKE_SIZE=(sizeof(zimg_engine_table_v1)-8)")
zimg_add_fake_engine(cut_table FAKE_SIZE=8u)
zimg_add_fake_engine(without_table FAKE_NULL)
zimg_add_fake_engine(without_entry FAKE_WITHOUT_ENTRY)
foreach(subject module pipeline profile)
  target_compile_definitions(test_unit_generator_engine_${subject} PRIVATE
    "ZIMG_FAKE_ENGINES=\"${PROJECT_BINARY_DIR}/tests/fake_engines\"")
endforeach()
