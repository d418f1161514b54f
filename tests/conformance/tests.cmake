# One suite through every language, README.md tells how. zimg_add_conformance(<language> COMMAND … [ENVIRONMENT …]) adds a
# runner, also from bindings/: COMMAND is called with the cases and the folder for the results. What they answered is
# compared at the end, by one test.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(conformance_dir "${PROJECT_SOURCE_DIR}/tests/conformance")
set(ZIMG_CONFORMANCE_WORK "${PROJECT_BINARY_DIR}/conformance" CACHE INTERNAL "Cases and answers of the conformance suite")
set(conformance_cases "${ZIMG_CONFORMANCE_WORK}/cases.txt")
file(MAKE_DIRECTORY "${ZIMG_CONFORMANCE_WORK}")

# The model of the suite, and the cases as lines.
add_executable(conformance_model "${conformance_dir}/write_model.cpp")
target_link_libraries(conformance_model PRIVATE test_models)
add_custom_command(OUTPUT "${ZIMG_CONFORMANCE_WORK}/model/model_index.json"
  COMMAND conformance_model "${ZIMG_CONFORMANCE_WORK}/model" DEPENDS conformance_model VERBATIM)
set(conformance_engine "")
if(ZIMG_ENGINE)
  set(conformance_engine --engine)
endif()
add_custom_command(OUTPUT "${conformance_cases}"
  COMMAND Python3::Interpreter -B "${conformance_dir}/flatten.py" "${conformance_dir}/cases.json"
    "${PROJECT_SOURCE_DIR}/include/zimg/zimg.h" "${conformance_cases}" --model "${ZIMG_CONFORMANCE_WORK}/model"
    --data "${conformance_dir}" ${conformance_engine}
  DEPENDS "${conformance_dir}/flatten.py" "${conformance_dir}/cases.json" "${PROJECT_SOURCE_DIR}/include/zimg/zimg.h"
  VERBATIM)
add_custom_target(conformance_files ALL
  DEPENDS "${ZIMG_CONFORMANCE_WORK}/model/model_index.json" "${conformance_cases}")

function(zimg_add_conformance language)
  cmake_parse_arguments(arg "" "" "COMMAND;ENVIRONMENT" ${ARGN})
  set(folder "${ZIMG_CONFORMANCE_WORK}/${language}")
  add_test(NAME conformance.${language} COMMAND ${arg_COMMAND} "${ZIMG_CONFORMANCE_WORK}/cases.txt" "${folder}")
  set_tests_properties(conformance.${language} PROPERTIES LABELS "conformance;bindings" TIMEOUT 300
    FIXTURES_REQUIRED conformance_empty FIXTURES_SETUP conformance_${language}
    ENVIRONMENT "XDG_CACHE_HOME=${ZIMG_CONFORMANCE_WORK}/cache;${arg_ENVIRONMENT}")
  set_property(GLOBAL APPEND PROPERTY ZIMG_CONFORMANCE_LANGUAGES ${language})
endfunction()

# Called when every folder has added its runner.
function(zimg_compare_conformance)
  get_property(languages GLOBAL PROPERTY ZIMG_CONFORMANCE_LANGUAGES)
  set(dir "${PROJECT_SOURCE_DIR}/tests/conformance")
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_test(NAME conformance.empty COMMAND "${CMAKE_COMMAND}" "-DWORK=${ZIMG_CONFORMANCE_WORK}" "-DLANGUAGES=${languages}"
    -P "${dir}/empty_folders.cmake")
  set_tests_properties(conformance.empty PROPERTIES LABELS "conformance;bindings" FIXTURES_SETUP conformance_empty)
  add_test(NAME conformance.compare COMMAND Python3::Interpreter -B "${dir}/compare.py" "${dir}/cases.json"
    "${ZIMG_CONFORMANCE_WORK}/cases.txt" "${ZIMG_CONFORMANCE_WORK}" ${languages})
  list(TRANSFORM languages PREPEND conformance_ OUTPUT_VARIABLE fixtures)
  set_tests_properties(conformance.compare PROPERTIES LABELS "conformance;bindings" FIXTURES_REQUIRED "${fixtures}")
  add_test(NAME conformance.compare_objects COMMAND Python3::Interpreter -B "${dir}/compare_test.py")
  set_tests_properties(conformance.compare_objects PROPERTIES LABELS "conformance;bindings")
endfunction()
cmake_language(DEFER DIRECTORY "${PROJECT_SOURCE_DIR}" CALL zimg_compare_conformance)

# C and C++ against the shared library, as programs link it.
add_executable(conformance_c "${conformance_dir}/c/case.c" "${conformance_dir}/c/conformance.c"
  "${conformance_dir}/c/fill.c" "${conformance_dir}/c/painter.c" "${conformance_dir}/c/results.c")
set_target_properties(conformance_c PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
target_compile_options(conformance_c PRIVATE -Wall -Wextra -Wpedantic $<$<BOOL:${ZIMG_WERROR}>:-Werror>)
target_link_libraries(conformance_c PRIVATE zimg::capi)

add_executable(conformance_cpp "${conformance_dir}/c/case.c" "${conformance_dir}/c/results.c"
  "${conformance_dir}/cpp/conformance.cpp" "${conformance_dir}/cpp/fill.cpp" "${conformance_dir}/cpp/painter.cpp")
target_link_libraries(conformance_cpp PRIVATE zimg::zimg zimg_build)
foreach(language c cpp)
  set_target_properties(conformance_${language} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  if(ZIMG_SANITIZE)
    target_link_options(conformance_${language} PRIVATE -fsanitize=${ZIMG_SANITIZE})
  endif()
  zimg_add_conformance(${language} COMMAND conformance_${language})
endforeach()
