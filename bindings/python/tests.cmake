# The Python package: its tests with Python's own unittest, its types, the wheel in a fresh environment, the examples of its
# page. The interpreter is the one with the reference's packages where there is one, for torch, numpy, Pillow and mypy.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(python_dir "${PROJECT_SOURCE_DIR}/bindings/python")
set(python_command "${Python3_EXECUTABLE}")
if(ZIMG_REFERENCE_PYTHON)
  set(python_command "${ZIMG_REFERENCE_PYTHON}")
endif()

function(zimg_set_python_test name)
  set_tests_properties(${name} PROPERTIES LABELS bindings TIMEOUT 600 ENVIRONMENT
    "ZIMG_LIBRARY=$<TARGET_FILE:zimg>;PYTHONPATH=${PROJECT_SOURCE_DIR}/bindings/python;PYTHONDONTWRITEBYTECODE=1;${ARGN};${ZIMG_BINDING_ENVIRONMENT}")
endfunction()

function(zimg_add_python_test subject)
  add_test(NAME bindings.python.${subject} COMMAND "${python_command}" "${python_dir}/tests/${subject}_test.py")
  zimg_set_python_test(bindings.python.${subject} ${ARGN})
endfunction()

foreach(subject cache copy end generator interrupt leak model wrong_type wrong_use)
  zimg_add_python_test(${subject} "ZIMG_HAS_PACKAGES=$<BOOL:${ZIMG_REFERENCE_PYTHON}>")
endforeach()
zimg_add_python_test(raw "ZIMG_HEADER=${PROJECT_SOURCE_DIR}/include/zimg/zimg.h"
  "ZIMG_HEADER_READER=${PROJECT_SOURCE_DIR}/tests/capi")
zimg_add_python_test(documents "ZIMG_PAGES=${PROJECT_SOURCE_DIR}/docs" "ZIMG_HAS_PACKAGES=$<BOOL:${ZIMG_REFERENCE_PYTHON}>")
zimg_add_python_test(wheel "ZIMG_BUILD=${PROJECT_BINARY_DIR}" "ZIMG_CMAKE=${CMAKE_COMMAND}")
if(ZIMG_REFERENCE_PYTHON)
  add_test(NAME bindings.python.types COMMAND "${python_command}" -m mypy
    --cache-dir "${PROJECT_BINARY_DIR}/bindings/mypy" zimg tests examples build_wheel.py WORKING_DIRECTORY "${python_dir}")
  set_tests_properties(bindings.python.types PROPERTIES LABELS bindings TIMEOUT 600 ENVIRONMENT
    "MYPYPATH=${python_dir}:${python_dir}/tests:${PROJECT_SOURCE_DIR}/tests/capi")
  if(ZIMG_ENGINE)
    zimg_add_python_test(torch)
  endif()
endif()

zimg_add_conformance(python COMMAND "${python_command}" "${python_dir}/tests/conformance.py"
  ENVIRONMENT "ZIMG_LIBRARY=$<TARGET_FILE:zimg>;PYTHONPATH=${python_dir};PYTHONDONTWRITEBYTECODE=1")
