# Each can be made to fail: zimg_expect_bug_caught(<subject> <bug> <case> <check> [variables …]) runs one case with a bug
# of planted_bug.cpp and looks for the check that must fail.
foreach(subject damage dead_reader failing_allocations failing_calls kill power_loss processes)
  zimg_add_test(crash cache ${subject})
  set(target test_crash_cache_${subject})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_sources(${target} PRIVATE "${CMAKE_CURRENT_LIST_DIR}/planted_bug.cpp")
  target_link_libraries(${target} PRIVATE ${CMAKE_DL_LIBS})
  target_link_options(${target} PRIVATE
    "LINKER:--wrap=_ZN4zimg5cache8Checksum6updateEPKvm,--wrap=_ZN4zimg5cache8checksumEPKvm")
endforeach()
target_sources(test_crash_cache_power_loss PRIVATE
  "${CMAKE_CURRENT_LIST_DIR}/disk_model.cpp" "${CMAKE_CURRENT_LIST_DIR}/system_calls.cpp")
target_sources(test_crash_cache_failing_allocations PRIVATE
  "${CMAKE_CURRENT_LIST_DIR}/allocations.cpp" "${CMAKE_CURRENT_LIST_DIR}/store_trial.cpp")
target_sources(test_crash_cache_failing_calls PRIVATE
  "${CMAKE_CURRENT_LIST_DIR}/store_trial.cpp" "${CMAKE_CURRENT_LIST_DIR}/system_calls.cpp")

function(zimg_expect_bug_caught subject bug case check)
  set(test crash.cache.${subject}.catches.${bug})
  add_test(NAME ${test} COMMAND test_crash_cache_${subject} --run_test=*/${case})
  set_tests_properties(${test} PROPERTIES LABELS crash TIMEOUT ${ZIMG_TEST_TIMEOUT}
    ENVIRONMENT "ZIMG_PLANTED_BUG=${bug};BOOST_TEST_REPORT_LEVEL=no;${ARGN}"
    PASS_REGULAR_EXPRESSION "check ${check}.* has failed")
endfunction()

zimg_expect_bug_caught(damage blind-checksum serves_nothing_wrong_after_a_bit_flip "counts.wrong == 0" ZIMG_DAMAGES=60)
zimg_expect_bug_caught(dead_reader keep-dead-readers does_not_keep_pages_from_being_used_again "growth <= 1"
  ZIMG_STORES=2000)
zimg_expect_bug_caught(power_loss no-sync loses_nothing_acknowledged_when_the_power_goes
  "counts.lost \\+ counts.refused" ZIMG_POWER_LOSSES=500)
zimg_expect_bug_caught(failing_calls ignore-errors lose_nothing_whichever_fails
  "counts.lost \\+ counts.wrong \\+ counts.unusable")
# The process may die of a file that was not made as long as its map before the counts are checked.
set_property(TEST crash.cache.failing_calls.catches.ignore-errors APPEND PROPERTY
  PASS_REGULAR_EXPRESSION ": [1-9][0-9]* lost")
if(NOT ZIMG_SANITIZE)  # a sanitizer has an allocator of its own
  # It leaks when one of eight allocations in a row fails, so that no smaller step can miss them all.
  zimg_expect_bug_caught(failing_allocations leak-cursors are_a_clean_error_and_leak_nothing "leaks == 0"
    ZIMG_ALLOCATION_STEP=7)
endif()
zimg_expect_bug_caught(kill acknowledge-early loses_nothing_acknowledged_when_a_writer_is_killed
  "counts.(missing|lost) == 0u" ZIMG_KILLS=40)
zimg_expect_bug_caught(processes no-locks open_use_and_close_one_store_in_parallel "failed == 0"
  ZIMG_TRANSACTIONS=100000)
