# The crate `tokenizers` behind the C interface of enxerto/media/text: the target enxerto_tokenizers, or none where there is
# no cargo, or its crates can neither be found nor fetched. Once built it is not built again for another preset.
set(oldest_cargo 1.85)
set(crate_dir "${PROJECT_SOURCE_DIR}/enxerto/media/text/crate")
find_program(CARGO cargo)
set(no_text "")
if(NOT CARGO)
  set(no_text "no cargo")
else()
  execute_process(COMMAND "${CARGO}" --version OUTPUT_VARIABLE cargo_says ERROR_QUIET)
  if(NOT cargo_says MATCHES "cargo ([0-9.]+)" OR CMAKE_MATCH_1 VERSION_LESS oldest_cargo)
    set(no_text "${CARGO} is older than ${oldest_cargo}")
  endif()
endif()
if(NOT no_text)
  set(fetch "${CARGO}" fetch --quiet --locked --manifest-path "${crate_dir}/Cargo.toml")
  execute_process(COMMAND ${fetch} --offline RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
  if(failed)
    execute_process(COMMAND ${fetch} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE cargo_says)
  endif()
  if(failed)
    string(STRIP "${cargo_says}" cargo_says)
    set(no_text "cargo cannot fetch the crates of ${crate_dir}/Cargo.lock: ${cargo_says}")
  endif()
endif()
if(no_text)
  message(STATUS "texts are left out: ${no_text} (tools/setup)")
  return()
endif()

set(crate_library "${ENXERTO_RUST_DIR}/release/libenxerto_tokenizers.a")
set(crate_stamp "${PROJECT_BINARY_DIR}/enxerto_tokenizers.stamp")
file(GLOB crate_sources CONFIGURE_DEPENDS "${crate_dir}/src/*.rs")
add_custom_command(
  OUTPUT "${crate_stamp}"
  BYPRODUCTS "${crate_library}"
  COMMAND "${CARGO}" build --quiet --release --locked --offline --manifest-path "${crate_dir}/Cargo.toml" --target-dir "${ENXERTO_RUST_DIR}"
  COMMAND "${CMAKE_COMMAND}" -E touch "${crate_stamp}"
  DEPENDS "${crate_dir}/Cargo.toml" "${crate_dir}/Cargo.lock" ${crate_sources}
  COMMENT "Building the tokenizers with cargo (minutes the first time)" VERBATIM)
add_custom_target(enxerto_tokenizers_build DEPENDS "${crate_stamp}")
add_library(enxerto_tokenizers INTERFACE)
add_dependencies(enxerto_tokenizers enxerto_tokenizers_build)
target_link_libraries(enxerto_tokenizers INTERFACE "${crate_library}" Threads::Threads ${CMAKE_DL_LIBS} m)
