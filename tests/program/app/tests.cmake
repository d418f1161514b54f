# The program as people run it. Python drives it; what needs the engine is skipped where there is none.
if(TARGET zimg_app)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  foreach(subject cache draw inspect interrupt key keywords list options pages prewarm threads wrong_use)
    add_test(NAME program.app.${subject}
      COMMAND Python3::Interpreter -B "${CMAKE_CURRENT_SOURCE_DIR}/program/app/${subject}_test.py")
    set_tests_properties(program.app.${subject} PROPERTIES LABELS program TIMEOUT 600
      ENVIRONMENT
      "ZIMG_PROGRAM=$<TARGET_FILE:zimg_app>;ZIMG_CAN_DRAW=$<BOOL:${ZIMG_ENGINE}>;ZIMG_PAGES=${PROJECT_BINARY_DIR}/pages")
  endforeach()
endif()
