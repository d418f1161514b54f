# Folders of an installation may be given as absolute ones, as some distributions do. What is installed finds its parts from
# where it is, so here they are relative to the prefix. Headers may lie elsewhere: nothing looks for them at run time.
foreach(folder BINDIR LIBDIR DATADIR INCLUDEDIR)
  string(REGEX REPLACE "(.)/+$" "\\1" given "${CMAKE_INSTALL_${folder}}")
  if(NOT IS_ABSOLUTE "${given}")
    continue()
  endif()
  cmake_path(IS_PREFIX CMAKE_INSTALL_PREFIX "${given}" NORMALIZE is_inside)
  if(is_inside)
    cmake_path(RELATIVE_PATH given BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" OUTPUT_VARIABLE CMAKE_INSTALL_${folder})
  elseif(NOT folder STREQUAL "INCLUDEDIR")
    message(FATAL_ERROR "CMAKE_INSTALL_${folder} is '${given}'; a folder within CMAKE_INSTALL_PREFIX, "
      "'${CMAKE_INSTALL_PREFIX}', is expected")
  endif()
endforeach()
