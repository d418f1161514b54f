# cmake -DHOW=find_package|add_subdirectory -DSOURCE=… -DBUILD=… -DWORK=… -DLAUNCHER=… -P consume.cmake
# Builds the consumer against zimg and runs it. For find_package, zimg is installed and the tree then moved, so that a
# path kept in it would show.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
set(options -G Ninja -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DZIMG_SOURCE_DIR=${SOURCE}")
if(HOW STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/first")
  file(RENAME "${WORK}/first" "${WORK}/moved")
  list(APPEND options "-DCMAKE_PREFIX_PATH=${WORK}/moved")
endif()
run("${CMAKE_COMMAND}" ${options} -S "${SOURCE}/tests/consumer/${HOW}" -B "${WORK}/build")
run("${CMAKE_COMMAND}" --build "${WORK}/build" --target consumer)
# A cache of digests of its own: the user's is none of a test's business.
set(ENV{XDG_CACHE_HOME} "${WORK}/cache")
run("${WORK}/build/consumer")

if(EXISTS "${WORK}/moved/bin/zimg")
  run("${WORK}/moved/bin/zimg" --version)
  run("${WORK}/moved/bin/zimg" key "a red circle")
endif()
file(REMOVE_RECURSE "${WORK}")
