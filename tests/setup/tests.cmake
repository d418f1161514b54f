# The set-up in cmake/setup: what the closing line is counted with, and where it takes libtorch from.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

foreach(subject count_tests libtorch_places)
  add_test(NAME setup.${subject} COMMAND Python3::Interpreter -B "${PROJECT_SOURCE_DIR}/tests/setup/${subject}_test.py")
  set_tests_properties(setup.${subject} PROPERTIES LABELS setup)
endforeach()
