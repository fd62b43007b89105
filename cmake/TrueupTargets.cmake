# What every target shares, and the two kinds of target there are.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")  # as fast as -O3 here (bench/), and a fifth less to build

find_program(TRUEUP_CCACHE ccache)
if(TRUEUP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache has to overlook to store what uses a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${TRUEUP_CCACHE}")
endif()

add_library(trueup_options INTERFACE)
target_include_directories(trueup_options INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(trueup_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                                -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12 in its own <string>.
  target_compile_options(trueup_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(TRUEUP_WERROR)
  target_compile_options(trueup_options INTERFACE -Werror)
endif()
if(TRUEUP_SANITIZE)
  target_compile_options(trueup_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                  -fno-omit-frame-pointer -O1 -g1)
  target_link_options(trueup_options INTERFACE -fsanitize=address,undefined)
endif()

# trueup_layer(NAME USES layers... PRIVATE libraries...): the static library of one folder of src/. It links only the
# layers that it may include and the libraries that its .cpp files call.
function(trueup_layer name)
  cmake_parse_arguments(LAYER "" "" "USES;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/(main|generate_[a-z_]+)\\.cpp$")
  if(NOT sources)
    add_library(trueup_${name} INTERFACE)
    return()
  endif()
  add_library(trueup_${name} STATIC ${sources})
  target_link_libraries(trueup_${name} PUBLIC trueup_options PRIVATE ${LAYER_PRIVATE})
  foreach(layer IN LISTS LAYER_USES)
    target_link_libraries(trueup_${name} PUBLIC trueup_${layer})
  endforeach()
endfunction()

# trueup_test_program(NAME SOURCES...): a program of GoogleTest. Its own code is not what is measured: -O1 and a shared
# precompiled header halve the time that the tests take to build.
function(trueup_test_program name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE trueup_options GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE TRUEUP_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE -O1)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -fpch-preprocess)  # false alarms in <string>; for ccache
  endif()
  if(NOT name STREQUAL "trueup_test_headers")
    target_precompile_headers(${name} REUSE_FROM trueup_test_headers)
  endif()
endfunction()

# trueup_tests(NAME LINK libraries... [SOURCES more...]): all .cpp of one folder of tests/ as one program of GoogleTest.
function(trueup_tests name)
  cmake_parse_arguments(TESTS "" "" "LINK;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    return()
  endif()
  trueup_test_program(trueup_${name}_tests ${sources} ${TESTS_SOURCES})
  target_link_libraries(trueup_${name}_tests PRIVATE ${TESTS_LINK})
  set(properties TIMEOUT 300)
  if(TRUEUP_SANITIZE)
    set(properties TIMEOUT 1200)
    list(APPEND properties ENVIRONMENT "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp")
  endif()
  gtest_discover_tests(trueup_${name}_tests DISCOVERY_TIMEOUT 60 PROPERTIES ${properties})
endfunction()
