# The Rust crates, built and tested by cargo below the build folder, without a network: they need no crate from outside.
zimg_binding_program(ZIMG_CARGO cargo cargo)
include("${CMAKE_CURRENT_LIST_DIR}/../uninstalled.cmake")
if(NOT ZIMG_CARGO OR NOT ZIMG_PKG_CONFIG)
  return()
endif()
set(rust_manifest --manifest-path "${CMAKE_CURRENT_LIST_DIR}/Cargo.toml" --locked --offline)
set(rust_environment "CARGO_TARGET_DIR=${PROJECT_BINARY_DIR}/bindings/rust" ${ZIMG_UNINSTALLED_ENVIRONMENT})
set(rust_features "")
if(ZIMG_ENGINE)
  set(rust_features --features zimg/engine-tests)
endif()

# zimg_add_rust_test(<subject> <arguments of cargo>)
function(zimg_add_rust_test subject)
  add_test(NAME bindings.rust.${subject} COMMAND "${ZIMG_CARGO}" ${ARGN})
  set_tests_properties(bindings.rust.${subject} PROPERTIES LABELS bindings TIMEOUT 600 ENVIRONMENT "${rust_environment}"
    FIXTURES_REQUIRED bindings_rust)
endfunction()

add_test(NAME bindings.rust.build COMMAND "${ZIMG_CARGO}" build ${rust_manifest} --workspace --all-targets ${rust_features})
set_tests_properties(bindings.rust.build PROPERTIES LABELS bindings TIMEOUT 600 ENVIRONMENT "${rust_environment}"
  FIXTURES_SETUP bindings_rust)
zimg_add_rust_test(raw test ${rust_manifest} -p zimg-sys)
zimg_add_rust_test(library test ${rust_manifest} -p zimg ${rust_features} --no-fail-fast
  --test drawing --test options --test jobs --test caches --test wrong_use --test send_and_sync)
zimg_add_rust_test(growth test ${rust_manifest} -p zimg ${rust_features} --test growth)
# With the engine, the examples of docs/rust.md are among them.
zimg_add_rust_test(documents test ${rust_manifest} -p zimg ${rust_features} --doc)
if(ZIMG_ENGINE)
  zimg_add_rust_test(engine test ${rust_manifest} -p zimg ${rust_features} --test engine)
endif()

zimg_add_conformance(rust COMMAND "${ZIMG_CARGO}" run -q ${rust_manifest} ${rust_features} -p zimg-conformance --
  ENVIRONMENT ${rust_environment})
