# zimg_build: what every target of ours is compiled with. Private to this project; nothing of it reaches a consumer.
add_library(zimg_build INTERFACE)
target_compile_features(zimg_build INTERFACE cxx_std_20)
target_include_directories(zimg_build INTERFACE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
target_compile_options(zimg_build INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast>
  $<$<BOOL:${ZIMG_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(zimg_build INTERFACE -Wno-restrict)  # cries at `"text" + std::string` (GCC bug 105651)
endif()
target_link_libraries(zimg_build INTERFACE Threads::Threads)

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(ZIMG_SANITIZE)
  target_compile_options(zimg_build INTERFACE -fsanitize=${ZIMG_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zimg_build INTERFACE -fsanitize=${ZIMG_SANITIZE})
endif()

if(ZIMG_FUZZ)
  target_compile_options(zimg_build INTERFACE
    -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(zimg_build INTERFACE -fsanitize=address,undefined)
endif()

if(CMAKE_SIZEOF_VOID_P LESS 8)
  message(FATAL_ERROR "zimg maps its store and its weights whole: it needs a 64-bit machine")
endif()
