# The C API: one Boost.Test program a handle, against the library as a program gets it; programs in C99; and what the
# header promises, checked from the header itself.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(capi_dir "${PROJECT_SOURCE_DIR}/tests/capi")
set(capi_header "${PROJECT_SOURCE_DIR}/include/zimg/zimg.h")
set(capi_work "${PROJECT_BINARY_DIR}/tests/capi")

# What every test of this folder gets: a place for digests that is none of the user's.
function(zimg_set_capi_test name)
  set_tests_properties(${name} PROPERTIES LABELS capi TIMEOUT ${ZIMG_TEST_TIMEOUT} ENVIRONMENT "XDG_CACHE_HOME=${capi_work}/cache")
endfunction()

function(zimg_add_capi_test subject)
  set(target test_capi_${subject})
  add_executable(${target} "${capi_dir}/${subject}_test.cpp")
  target_link_libraries(${target} PRIVATE zimg::capi zimg_build)
  zimg_make_boost_test(${target})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests" "${capi_work}")
  add_test(NAME capi.${subject} COMMAND ${target})
  zimg_group_test(capi ${target})
  zimg_set_capi_test(capi.${subject})
endfunction()

foreach(subject cache callback error foreign_cache foreign_pipeline job key lifetime metrics model null_arguments picture
    prewarm request result store)
  zimg_add_capi_test(${subject})
endforeach()
foreach(subject cache callback foreign_cache foreign_pipeline job lifetime prewarm result)
  zimg_has_threads(capi.${subject} test_capi_${subject})
endforeach()

# Every function with NULL, written from the header.
file(MAKE_DIRECTORY "${capi_work}")
add_custom_command(OUTPUT "${capi_work}/null_calls.inc"
  COMMAND Python3::Interpreter -B "${capi_dir}/write_null_calls.py" "${capi_header}" "${capi_work}/null_calls.inc"
  DEPENDS "${capi_dir}/write_null_calls.py" "${capi_dir}/read_header.py" "${capi_header}" VERBATIM)
target_sources(test_capi_null_arguments PRIVATE "${capi_work}/null_calls.inc")

# Programs in C99, with nothing of ours but the header and the library.
function(zimg_add_c_program name source)
  add_executable(${name} "${source}")
  target_compile_options(${name} PRIVATE -pedantic -Wall -Wextra -Werror)
  target_link_libraries(${name} PRIVATE zimg::capi Threads::Threads)
  set_target_properties(${name} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  if(ZIMG_SANITIZE)
    target_compile_options(${name} PRIVATE -fsanitize=${ZIMG_SANITIZE})
    target_link_options(${name} PRIVATE -fsanitize=${ZIMG_SANITIZE})
  endif()
endfunction()
zimg_add_c_program(test_capi_c99 "${capi_dir}/c99_program.c")
add_test(NAME capi.c99 COMMAND test_capi_c99)
zimg_set_capi_test(capi.c99)

# Compiled against an early header, run on the library of today.
zimg_add_c_program(test_capi_old_program "${capi_dir}/old_program.c")
target_include_directories(test_capi_old_program BEFORE PRIVATE "${capi_dir}/first_release")
add_test(NAME capi.old_program COMMAND test_capi_old_program)
zimg_set_capi_test(capi.old_program)

# The program in docs/c-abi.md: the first block in C of that page, compiled and run. It draws with the built-in model,
# so it needs the engine.
add_custom_command(OUTPUT "${capi_work}/example.c"
  COMMAND Python3::Interpreter -B "${capi_dir}/extract_example.py" "${PROJECT_SOURCE_DIR}/docs/c-abi.md"
    "${PROJECT_SOURCE_DIR}/docs/c-abi.zh.md" "${capi_work}/example.c"
  DEPENDS "${capi_dir}/extract_example.py" "${PROJECT_SOURCE_DIR}/docs/c-abi.md" "${PROJECT_SOURCE_DIR}/docs/c-abi.zh.md"
  VERBATIM)
zimg_add_c_program(test_capi_example "${capi_work}/example.c")
if(TARGET zimg_torch)
  add_dependencies(test_capi_example zimg_torch)
  add_test(NAME capi.example COMMAND test_capi_example "a red circle" "${capi_work}/example.png")
else()
  # Without an engine it must say so, and where it looked.
  add_test(NAME capi.example COMMAND test_capi_example "a red circle" "${capi_work}/example.png")
  set_tests_properties(capi.example PROPERTIES PASS_REGULAR_EXPRESSION "unsupported: the engine module")
endif()
zimg_set_capi_test(capi.example)

# The promises of the header.
function(zimg_add_abi_test subject)
  add_test(NAME capi.abi_${subject} COMMAND Python3::Interpreter -B "${capi_dir}/check_abi.py" ${ARGN})
  zimg_set_capi_test(capi.abi_${subject})
endfunction()
zimg_add_abi_test(symbols symbols "${capi_header}" "${capi_dir}/exported_symbols.txt" "${CMAKE_NM}" "$<TARGET_FILE:zimg>")
zimg_add_abi_test(conventions conventions "${capi_header}")
zimg_add_abi_test(enumerators enumerators "${capi_header}" "${capi_dir}/enumerators.txt")
zimg_add_abi_test(diff diff "${capi_header}" "${capi_dir}/zimg.abi" "${CMAKE_C_COMPILER}" "${capi_work}/abi_diff")
zimg_add_abi_test(self_test self-test "${capi_header}" "${capi_dir}/zimg.abi" "${CMAKE_C_COMPILER}"
  "${capi_work}/abi_self_test")
