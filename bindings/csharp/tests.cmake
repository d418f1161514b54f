# The C# library, compiled and tested with Mono: the library, its tests, the conformance suite, the examples of its page.
zimg_binding_program(ZIMG_MCS mcs mono-mcs)
zimg_binding_program(ZIMG_MONO mono mono-runtime)
if(NOT ZIMG_MCS OR NOT ZIMG_MONO)
  return()
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(csharp_dir "${PROJECT_SOURCE_DIR}/bindings/csharp")
set(csharp_work "${PROJECT_BINARY_DIR}/bindings/csharp")
set(csharp_library "${csharp_work}/Zimg.dll")
file(MAKE_DIRECTORY "${csharp_work}")

# zimg_add_csharp(<name> <out> <options> SOURCES)
function(zimg_add_csharp out)
  cmake_parse_arguments(arg "" "" "OPTIONS;SOURCES;DEPENDS" ${ARGN})
  add_custom_command(OUTPUT "${out}"
    COMMAND "${ZIMG_MCS}" -langversion:7.2 -warnaserror -debug -optimize "-out:${out}" ${arg_OPTIONS} ${arg_SOURCES}
    DEPENDS ${arg_SOURCES} ${arg_DEPENDS} VERBATIM)
endfunction()

file(GLOB_RECURSE library_sources CONFIGURE_DEPENDS "${csharp_dir}/Zimg/*.cs")
zimg_add_csharp("${csharp_library}" OPTIONS -unsafe -target:library SOURCES ${library_sources})
set(csharp_programs "")
foreach(program conformance tests bench)
  file(GLOB sources CONFIGURE_DEPENDS "${csharp_dir}/${program}/*.cs")
  zimg_add_csharp("${csharp_work}/${program}.exe" OPTIONS "-r:${csharp_library}" SOURCES ${sources}
    DEPENDS "${csharp_library}")
  list(APPEND csharp_programs "${csharp_work}/${program}.exe")
endforeach()
# The program on docs/csharp.md, which its twin must show as well.
add_custom_command(OUTPUT "${csharp_work}/example.cs"
  COMMAND Python3::Interpreter -B "${csharp_dir}/extract_example.py" "${PROJECT_SOURCE_DIR}/docs/csharp.md"
    "${PROJECT_SOURCE_DIR}/docs/csharp.zh.md" "${csharp_work}/example.cs"
  DEPENDS "${csharp_dir}/extract_example.py" "${PROJECT_SOURCE_DIR}/docs/csharp.md"
    "${PROJECT_SOURCE_DIR}/docs/csharp.zh.md" VERBATIM)
zimg_add_csharp("${csharp_work}/example.exe" OPTIONS "-r:${csharp_library}" SOURCES "${csharp_work}/example.cs"
  DEPENDS "${csharp_library}")
add_custom_target(csharp ALL DEPENDS "${csharp_library}" ${csharp_programs} "${csharp_work}/example.exe")

set(csharp_environment "LD_LIBRARY_PATH=$<TARGET_FILE_DIR:zimg>")
function(zimg_set_csharp_test name)
  set_tests_properties(${name} PROPERTIES LABELS bindings TIMEOUT 600
    ENVIRONMENT "${csharp_environment};${ARGN};${ZIMG_BINDING_ENVIRONMENT}")
endfunction()

add_test(NAME bindings.csharp.library COMMAND "${ZIMG_MONO}" --debug "${csharp_work}/tests.exe")
zimg_set_csharp_test(bindings.csharp.library)
add_test(NAME bindings.csharp.raw COMMAND Python3::Interpreter -B "${csharp_dir}/raw_test.py")
zimg_set_csharp_test(bindings.csharp.raw "ZIMG_HEADER=${PROJECT_SOURCE_DIR}/include/zimg/zimg.h"
  "ZIMG_HEADER_READER=${PROJECT_SOURCE_DIR}/tests/capi")
add_test(NAME bindings.csharp.example
  COMMAND Python3::Interpreter -B "${csharp_dir}/example_test.py" "${ZIMG_MONO}" "${csharp_work}/example.exe")
zimg_set_csharp_test(bindings.csharp.example)

zimg_add_conformance(csharp COMMAND "${ZIMG_MONO}" --debug "${csharp_work}/conformance.exe"
  ENVIRONMENT "${csharp_environment}")
