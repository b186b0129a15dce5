# LibTorch as tools/setup train unpacks it: the target enxerto_libtorch, or none where it is not there.
set(torch_dir "${ENXERTO_TRAIN_DEPS_DIR}/torch")
if(EXISTS "${torch_dir}/include/ATen/ATen.h")
  add_library(enxerto_libtorch INTERFACE)
  target_include_directories(enxerto_libtorch SYSTEM INTERFACE
    "${torch_dir}/include" "${torch_dir}/include/torch/csrc/api/include")
  # Its own copy of {fmt} comes before Debian's, and without the library: the functions are in the headers then.
  target_compile_definitions(enxerto_libtorch INTERFACE FMT_HEADER_ONLY=1)
  # Nothing else of LibTorch: libtorch.so would ask for CUDA's libraries.
  target_link_libraries(enxerto_libtorch INTERFACE "${torch_dir}/lib/libtorch_cpu.so" "${torch_dir}/lib/libc10.so")
  # What libtorch_cpu.so asks for: it has run paths of its own, but a linker does not follow them.
  target_link_options(enxerto_libtorch INTERFACE
    "LINKER:-rpath-link,${torch_dir}/lib" "LINKER:-rpath-link,${ENXERTO_TRAIN_DEPS_DIR}/nvidia/cu13/lib")
else()
  message(STATUS "no LibTorch in ${ENXERTO_TRAIN_DEPS_DIR}: the training engine is left out (tools/setup train)")
endif()
