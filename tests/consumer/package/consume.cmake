# cmake -DHOW=find_package|add_subdirectory|fetch_content -DSOURCE=… -DBUILD=… -DWORK=… -DLAUNCHER=… -DENGINE=ON|OFF
#   -DTYPE=… -DWERROR=ON|OFF -P consume.cmake
# Builds programs as a user would and runs them. What is installed is then moved, so that a path kept in it would show.
#   find_package        an installed zimg: CMake in C++ and in C, pkg-config in C99, the program, its pages
#   add_subdirectory    the sources within another project, shared
#   fetch_content       the sources fetched by another project, as an archive; then the same as for find_package
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

if(LAUNCHER MATCHES "ccache")  # what was compiled before is not to be compiled again for want of the user's cache
  execute_process(COMMAND "${LAUNCHER}" --get-config cache_dir OUTPUT_VARIABLE compiled
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(ENV{CCACHE_DIR} "${compiled}")
endif()

# A cache of its own, and no setting of the user's, is what the programs see.
set(ENV{XDG_CACHE_HOME} "${WORK}/cache")
unset(ENV{ZIMG_BUILTIN_MODEL})
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")
set(prefix "${WORK}/a moved place")  # with blanks, as people have

# consume(PROJECT [ARGUMENT…]): builds tests/consumer/PROJECT and runs it with the arguments.
function(consume project)
  set(folder "${WORK}/${project}")
  # Where zimg is part of the project, a compiler cache finds what BUILD has made in the same way.
  run("${CMAKE_COMMAND}" -G Ninja "-DCMAKE_BUILD_TYPE=${TYPE}" "-DZIMG_WERROR=${WERROR}"
    "-DCMAKE_C_COMPILER_LAUNCHER=${LAUNCHER}"
    "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DZIMG_SOURCE_DIR=${SOURCE}" "-DCMAKE_PREFIX_PATH=${prefix}"
    "-DEXPECT_ENGINE=${ENGINE}" -S "${SOURCE}/tests/consumer/${project}" -B "${folder}")
  run("${CMAKE_COMMAND}" --build "${folder}" --target consumer)
  run("${folder}/consumer" ${ARGN})
  file(STRINGS "${folder}/CMakeCache.txt" has_sources REGEX "^zimg_SOURCE_DIR:")
  if(has_sources)  # zimg is part of the project
    run("${CMAKE_COMMAND}" --build "${folder}" --target consumer_c)
    run("${folder}/consumer_c")
  endif()
endfunction()

# install(BUILD): installs what stands there and moves it.
function(install build)
  run("${CMAKE_COMMAND}" --install "${build}" --prefix "${WORK}/first")
  file(RENAME "${WORK}/first" "${prefix}")
  # The engine's RUNPATH may name a libtorch below the build; and a library built from a place knows its sources.
  file(GLOB_RECURSE texts "${prefix}/*.cmake" "${prefix}/*.pc" "${prefix}/*.hpp" "${prefix}/*.h")
  foreach(text ${texts})
    file(READ "${text}" content)
    foreach(place "${SOURCE}" "${build}" "${WORK}")
      string(FIND "${content}" "${place}" at)
      if(NOT at EQUAL -1)
        message(FATAL_ERROR "${text} names ${place}: the tree could not be moved")
      endif()
    endforeach()
  endforeach()
endfunction()

# pkg_config(OPTION ARGUMENT…): a program in C99 by pkg-config, for which OPTION is --static or --shared.
function(pkg_config option)
  find_program(PKG_CONFIG pkg-config REQUIRED)
  set(ENV{PKG_CONFIG_PATH} "${prefix}/lib/pkgconfig")
  execute_process(COMMAND "${PKG_CONFIG}" ${option} --cflags --libs zimg OUTPUT_VARIABLE flags
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  find_program(CC cc REQUIRED)
  run("${CC}" -std=c99 -pedantic -Wall -Wextra -Werror -o "${WORK}/by_pkg_config" "${SOURCE}/tests/consumer/main.c"
    ${flags} "-Wl,-rpath,${prefix}/lib")
  run("${WORK}/by_pkg_config" ${ARGN})
endfunction()

# readme(FILE): the program in C that FILE shows does what it says there, or says that it has no engine.
function(readme file)
  file(READ "${SOURCE}/${file}" text)
  string(FIND "${text}" "```c\n" begin)
  if(begin EQUAL -1)
    message(FATAL_ERROR "${file} shows no program in C")
  endif()
  math(EXPR begin "${begin} + 5")
  string(SUBSTRING "${text}" ${begin} -1 text)
  string(FIND "${text}" "```" end)
  string(SUBSTRING "${text}" 0 ${end} text)
  file(WRITE "${WORK}/readme.c" "${text}")
  run("${CC}" -std=c99 -pedantic -Wall -Wextra -Werror -o "${WORK}/readme" "${WORK}/readme.c" "-I${prefix}/include"
    "-L${prefix}/lib" -lzimg "-Wl,-rpath,${prefix}/lib")
  execute_process(COMMAND "${WORK}/readme" OUTPUT_FILE "${WORK}/readme.png" ERROR_VARIABLE said RESULT_VARIABLE code)
  if(ENGINE)
    file(READ "${WORK}/readme.png" begin LIMIT 4 HEX)
    set(is_right "${code}/${begin}")
    set(expected "0/89504e47")
  else()
    string(FIND "${said}" "the engine module libzimg_torch.so, which draws, is in none of" at)
    set(is_right "${code}/${at}")
    set(expected "1/0")
  endif()
  if(NOT is_right STREQUAL expected)
    message(FATAL_ERROR "the program in C of ${file} ended with ${code}: ${said}")
  endif()
endfunction()

if(HOW STREQUAL "find_package")
  install("${BUILD}")
  set(arguments "")
  if(ENGINE)
    set(arguments engine)
  endif()
  consume(find_package ${arguments})
  consume(c ${arguments})
  pkg_config(--shared ${arguments})
  readme(README.md)
  readme(README.zh.md)
  if(EXISTS "${prefix}/bin/zimg")
    run("${prefix}/bin/zimg" --version)
    if(ENGINE)
      run("${prefix}/bin/zimg" key "a red circle")
    endif()
    foreach(page man/man1/zimg-draw.1 bash-completion/completions/zimg zsh/site-functions/_zimg)
      if(NOT EXISTS "${prefix}/share/${page}")
        message(FATAL_ERROR "${page} was not installed")
      endif()
    endforeach()
  endif()
elseif(HOW STREQUAL "add_subdirectory")
  consume(add_subdirectory)
else()
  set(TYPE "")  # the archive is compiled here alone, and need not be fast
  consume(fetch_content)
  set(ENGINE OFF)  # that project leaves it out
  install("${WORK}/fetch_content")
  file(GLOB shared "${prefix}/lib/libzimg.so*")
  if(shared)
    message(FATAL_ERROR "BUILD_SHARED_LIBS is OFF, and ${shared} was installed")
  endif()
  consume(find_package)
  consume(c)
  pkg_config(--static)
endif()
file(REMOVE_RECURSE "${WORK}")
