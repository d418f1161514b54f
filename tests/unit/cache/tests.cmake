foreach(subject bundle cache_url checksum damaged_leaf drawing_lock entry_codec entry_seal eviction_policy listing
    lmdb_cache lmdb_closing lmdb_error lmdb_folder memory_cache meta_pages namespace_account policy preset relative_path reporting_child
    store_folder store_maintenance tiered_cache unreadable_entry usage)
  zimg_add_test(unit cache ${subject})
  target_include_directories(test_unit_cache_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
zimg_add_test(unit cache golden_store)
target_link_libraries(test_unit_cache_store_folder PRIVATE ${CMAKE_DL_LIBS})
target_include_directories(test_unit_cache_golden_store PRIVATE "${PROJECT_SOURCE_DIR}/tests")

# By hand, for a new format: writes what tests/data/stores holds of this one.
add_executable(make_golden_stores EXCLUDE_FROM_ALL "${CMAKE_CURRENT_LIST_DIR}/make_golden_stores.cpp")
target_link_libraries(make_golden_stores PRIVATE zimg_core zimg_build)
target_include_directories(make_golden_stores PRIVATE "${PROJECT_SOURCE_DIR}/tests")
