# The Go package, built and tested below the build folder, without a network: it needs no module from outside.
zimg_binding_program(ZIMG_GO go golang-go)
include("${CMAKE_CURRENT_LIST_DIR}/../uninstalled.cmake")
if(NOT ZIMG_GO OR NOT ZIMG_PKG_CONFIG)
  return()
endif()
set(go_work "${PROJECT_BINARY_DIR}/bindings/go")
set(go_environment "GOCACHE=${go_work}/cache" "GOPATH=${go_work}/path" GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local
  GOWORK=off GO111MODULE=on ${ZIMG_UNINSTALLED_ENVIRONMENT})
set(go_tags growth)
if(ZIMG_ENGINE)
  set(go_tags growth,engine)
endif()

# zimg_add_go_test(<subject> ENVIRONMENT … COMMAND <arguments of go>)
function(zimg_add_go_test subject)
  cmake_parse_arguments(arg "" "" "ENVIRONMENT;COMMAND" ${ARGN})
  add_test(NAME bindings.go.${subject} COMMAND "${ZIMG_GO}" ${arg_COMMAND}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}/bindings/go")
  set_tests_properties(bindings.go.${subject} PROPERTIES LABELS bindings TIMEOUT 600
    ENVIRONMENT "${go_environment};${arg_ENVIRONMENT}")
endfunction()

zimg_add_go_test(vet COMMAND vet -tags growth,engine ./...)
zimg_add_go_test(library COMMAND test -v -count=1 .)
# The race detector, and every store of a Go pointer in the memory of C looked at, which Go 1.21 takes when it compiles.
execute_process(COMMAND "${ZIMG_GO}" env GOVERSION OUTPUT_VARIABLE go_version OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "^go" "" go_version "${go_version}")
set(go_checks GODEBUG=cgocheck=2)
if(go_version VERSION_GREATER_EQUAL 1.21)
  set(go_checks GOEXPERIMENT=cgocheck2)
endif()
zimg_add_go_test(race ENVIRONMENT ${go_checks} COMMAND test -v -count=1 -race .)
zimg_add_go_test(growth COMMAND test -v -count=1 -tags growth -run "^TestMemoryDoesNotGrow$" .)
if(ZIMG_ENGINE)  # and the examples of docs/go.md
  zimg_add_go_test(engine COMMAND test -v -count=1 -tags engine
    -run "^(TestTheBuiltInModel|TestADrawingOfTheEngine|TestTheExamples)" .)
endif()

zimg_add_conformance(go
  COMMAND "${CMAKE_COMMAND}" -E chdir "${PROJECT_SOURCE_DIR}/bindings/go" "${ZIMG_GO}" run ./conformance
  ENVIRONMENT ${go_environment})
