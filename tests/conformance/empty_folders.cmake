# Empties the folders that the runners write into, so that no answer of an earlier run is compared:
# cmake -DWORK=<folder> "-DLANGUAGES=<language>;…" -P empty_folders.cmake
if(NOT WORK OR NOT LANGUAGES)
  message(FATAL_ERROR "WORK is '${WORK}' and LANGUAGES is '${LANGUAGES}'; a folder and the folders in it are expected")
endif()
foreach(language IN LISTS LANGUAGES)
  file(REMOVE_RECURSE "${WORK}/${language}")
  file(MAKE_DIRECTORY "${WORK}/${language}")
endforeach()
