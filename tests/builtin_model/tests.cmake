# The judge of the built-in model's pictures is itself judged, which needs no more than a Python with numpy; then it judges
# what the program draws, which needs a reader of PNG too.
find_package(Python3 COMPONENTS Interpreter QUIET)
set(checker_python "${Python3_EXECUTABLE}")
if(ZIMG_REFERENCE_PYTHON)
  set(checker_python "${ZIMG_REFERENCE_PYTHON}")
endif()
execute_process(COMMAND "${checker_python}" -c "import numpy" RESULT_VARIABLE no_numpy OUTPUT_QUIET ERROR_QUIET)
if(no_numpy EQUAL 0)
  add_test(NAME builtin_model.checker COMMAND "${checker_python}" "${CMAKE_CURRENT_SOURCE_DIR}/builtin_model/checker_test.py")
  set_tests_properties(builtin_model.checker PROPERTIES LABELS "builtin_model" TIMEOUT 600)
  execute_process(COMMAND "${checker_python}" -c "import PIL" RESULT_VARIABLE no_pillow OUTPUT_QUIET ERROR_QUIET)
  if(ZIMG_ENGINE AND TARGET zimg_app AND no_pillow EQUAL 0)
    add_test(NAME builtin_model.pictures COMMAND "${checker_python}" "${CMAKE_CURRENT_SOURCE_DIR}/builtin_model/evaluate.py"
      --program $<TARGET_FILE:zimg_app> --each 20 --chance 0.01)
    add_test(NAME builtin_model.handwritten COMMAND "${checker_python}" "${CMAKE_CURRENT_SOURCE_DIR}/builtin_model/evaluate.py"
      --program $<TARGET_FILE:zimg_app> --handwritten --each 2 --chance 0.01)
    set_tests_properties(builtin_model.pictures builtin_model.handwritten PROPERTIES LABELS "builtin_model" TIMEOUT 900)
  endif()
endif()
