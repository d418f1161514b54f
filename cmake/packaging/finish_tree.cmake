# Run by cpack over what it has installed and not yet packed: adds what Debian wants of every package, and takes out of
# the engine the place where libtorch lay when it was built.
set(source "${CMAKE_CURRENT_LIST_DIR}/../..")

# The RUNPATH of a packed engine: libtorch beside it, or where /usr/lib/zimg/torch leads. It is what the built one begins
# with, and must be: a RUNPATH cannot be made longer.
file(GLOB_RECURSE modules "${CPACK_TEMPORARY_DIRECTORY}/*/libzimg_torch.so")
foreach(module ${modules})
  file(READ_ELF "${module}" RUNPATH runpath)
  string(REPLACE ";" ":" runpath "${runpath}")
  set(packed "$ORIGIN:$ORIGIN/zimg/torch/lib")
  string(FIND "${runpath}:" "${packed}:" begin)
  if(NOT begin EQUAL 0)
    message(FATAL_ERROR "the RUNPATH of ${module} is '${runpath}'; one that begins with '${packed}' is expected")
  endif()
  file(RPATH_CHANGE FILE "${module}" OLD_RPATH "${runpath}" NEW_RPATH "${packed}")
endforeach()

if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: zimg

Files: *
Copyright: 2026 The zimg authors
License: Apache-2.0
 On Debian systems the text of the licence stands in /usr/share/common-licenses/Apache-2.0.

")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER "${component}" upper)
  set(package "${CPACK_DEBIAN_${upper}_PACKAGE_NAME}")
  set(tree "${CPACK_TEMPORARY_DIRECTORY}/${component}")
  set(docs "${tree}/usr/share/doc/${package}")
  file(READ "${source}/NOTICE" notice)
  string(REGEX REPLACE "\n\n" "\n.\n" notice "${notice}")
  string(REGEX REPLACE "\n([^\n])" "\n \\1" notice "${notice}")
  file(WRITE "${docs}/copyright" "${copyright}Comment: ${notice}")
  file(WRITE "${docs}/changelog" "zimg (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Built from its sources, whose CHANGELOG.md tells what is new.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  execute_process(COMMAND gzip -9n "${docs}/changelog" COMMAND_ERROR_IS_FATAL ANY)
  # LICENSE and NOTICE are the copyright file here.
  if(NOT package STREQUAL "zimg")
    file(REMOVE_RECURSE "${tree}/usr/share/doc/zimg")
  endif()
  file(GLOB pages "${tree}/usr/share/man/man1/*.1")
  foreach(page ${pages})
    execute_process(COMMAND gzip -9n "${page}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  if(EXISTS "${tree}/usr/share/zsh/site-functions")
    file(RENAME "${tree}/usr/share/zsh/site-functions" "${tree}/usr/share/zsh/vendor-completions")
  endif()
endforeach()
