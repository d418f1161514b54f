# The arrows between the folders, read from the includes, and the public headers one by one.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(zimg_add_layout_test subject)
  add_test(NAME layout.${subject}
    COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tests/layout/check_arrows.py" "${PROJECT_SOURCE_DIR}" ${ARGN})
  set_tests_properties(layout.${subject} PROPERTIES LABELS layout)
endfunction()

zimg_add_layout_test(arrows)
zimg_add_layout_test(public_headers --compiler "${CMAKE_CXX_COMPILER}")
zimg_add_layout_test(self_test --self-test "${CMAKE_CXX_COMPILER}")
