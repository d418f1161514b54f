foreach(subject bundle cache_url checksum drawing_lock entry_codec entry_seal eviction_policy lmdb_cache memory_cache policy preset store_maintenance usage)
  zimg_add_test(unit cache ${subject})
  target_include_directories(test_unit_cache_${subject} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
endforeach()
