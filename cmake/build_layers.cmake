# One static library a layer (target enxerto_<layer>, alias enxerto::<layer>), linking only its needs, and libenxerto.so of them all.
set(ENXERTO_LIBRARIES_base fmt::fmt OpenSSL::Crypto PkgConfig::XXHASH Threads::Threads ${CMAKE_DL_LIBS})
set(ENXERTO_LIBRARIES_files nlohmann_json::nlohmann_json PkgConfig::TOMLPLUSPLUS)
set(ENXERTO_LIBRARIES_onnx protobuf::libprotobuf-lite)
set(ENXERTO_LIBRARIES_weights ZLIB::ZLIB)
set(ENXERTO_LIBRARIES_generation ZLIB::ZLIB)
set(ENXERTO_LIBRARIES_media JPEG::JPEG PNG::PNG PkgConfig::WEBP TIFF::TIFF GIF::GIF)
set(ENXERTO_LIBRARIES_data ZLIB::ZLIB pugixml::pugixml ${RE2_LIBRARY})
set(ENXERTO_LIBRARIES_download ${CMAKE_DL_LIBS})
set(ENXERTO_LIBRARIES_features PkgConfig::LMDB)
set(ENXERTO_LIBRARIES_heads Eigen3::Eigen)
set(ENXERTO_LIBRARIES_metrics ${RE2_LIBRARY})

set(ENXERTO_LIGHTLY_OPTIMISED files onnx zoo graph data bundle download pretrained tasks training transfer model report workflow)

set(all_layers "")
# Everything that is made before a source can be read, for tools that read sources only.
add_custom_target(codegen)

foreach(row IN LISTS ENXERTO_LAYERS)
  string(REGEX MATCH "^([a-z]+): *(.*)$" _ "${row}")
  set(layer "${CMAKE_MATCH_1}")
  string(REPLACE " " ";" needs "${CMAKE_MATCH_2}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/enxerto/${layer}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/engine/(openvino|torch)/|/weights/hdf5_reader/|/media/text/module/")
  if(NOT sources)
    continue()
  endif()
  add_library(enxerto_${layer} STATIC ${sources})
  add_library(enxerto::${layer} ALIAS enxerto_${layer})
  target_link_libraries(enxerto_${layer} PUBLIC enxerto_compiler ${ENXERTO_LIBRARIES_${layer}})
  target_precompile_headers(enxerto_${layer} REUSE_FROM enxerto_precompiled)
  enxerto_unity(enxerto_${layer})
  if(layer IN_LIST ENXERTO_LIGHTLY_OPTIMISED)
    target_link_libraries(enxerto_${layer} PRIVATE $<BUILD_INTERFACE:enxerto_lightly_optimised>)
  endif()
  foreach(need IN LISTS needs)
    if(TARGET enxerto_${need})
      target_link_libraries(enxerto_${layer} PUBLIC enxerto_${need})
    endif()
  endforeach()
  list(APPEND all_layers ${layer})
endforeach()
target_compile_definitions(enxerto_base PRIVATE ENXERTO_VERSION="${PROJECT_VERSION}")
set_source_files_properties("${PROJECT_SOURCE_DIR}/enxerto/base/module_file.cpp" PROPERTIES
  COMPILE_DEFINITIONS ENXERTO_INSTALLED_LIBDIR="${CMAKE_INSTALL_FULL_LIBDIR}")

# onnx.proto under a package name of our own, so that it cannot meet the `onnx` package of a host program.
if(TARGET enxerto_onnx)
  set(proto_dir "${PROJECT_BINARY_DIR}/onnx_proto")
  set(proto "${proto_dir}/enxerto_onnx.proto")
  file(READ "${ENXERTO_ONNX_PROTO}" proto_text)
  string(REPLACE "package onnx;" "package enxerto_onnx;" proto_text "${proto_text}")
  file(CONFIGURE OUTPUT "${proto}" CONTENT "${proto_text}" @ONLY)
  add_custom_command(
    OUTPUT "${proto_dir}/enxerto_onnx.pb.cc" "${proto_dir}/enxerto_onnx.pb.h"
    COMMAND protobuf::protoc "--cpp_out=${proto_dir}" "-I${proto_dir}" "${proto}"
    DEPENDS "${proto}" VERBATIM)
  add_library(enxerto_onnx_proto OBJECT "${proto_dir}/enxerto_onnx.pb.cc")
  target_link_libraries(enxerto_onnx_proto PUBLIC protobuf::libprotobuf-lite)
  target_include_directories(enxerto_onnx_proto SYSTEM PUBLIC "$<BUILD_INTERFACE:${proto_dir}>")
  target_compile_options(enxerto_onnx_proto PRIVATE -w)
  target_sources(enxerto_onnx PRIVATE $<TARGET_OBJECTS:enxerto_onnx_proto>)
  target_include_directories(enxerto_onnx SYSTEM PRIVATE "${proto_dir}")
  add_custom_target(enxerto_onnx_headers DEPENDS "${proto_dir}/enxerto_onnx.pb.h")
  add_dependencies(enxerto_onnx enxerto_onnx_proto enxerto_onnx_headers)
  add_dependencies(enxerto_onnx_proto enxerto_onnx_headers)
  add_dependencies(codegen enxerto_onnx_headers)
endif()

# The forward engine: a module of its own that is opened on first use, so that nothing heavy is linked into the front.
file(GLOB openvino_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/enxerto/engine/openvino/*.cpp")
if(openvino_sources)
  add_library(enxerto_openvino MODULE ${openvino_sources})
  enxerto_unity(enxerto_openvino)
  target_link_libraries(enxerto_openvino PRIVATE enxerto_base openvino::runtime)
  target_link_options(enxerto_openvino PRIVATE -Wl,--exclude-libs,ALL)
  set_target_properties(enxerto_openvino PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()

# The training engine, a module like the forward engine; without LibTorch there is none, and Enxerto predicts and fits
# heads only. Its parts are a library, so that tests can reach them.
if(TARGET enxerto_libtorch)
  file(GLOB torch_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/enxerto/engine/torch/*.cpp")
  list(REMOVE_ITEM torch_sources "${PROJECT_SOURCE_DIR}/enxerto/engine/torch/module.cpp")
  add_library(enxerto_torch_parts STATIC ${torch_sources})
  target_link_libraries(enxerto_torch_parts PUBLIC enxerto_graph enxerto_libtorch)
  target_precompile_headers(enxerto_torch_parts PRIVATE <ATen/ATen.h>)
  enxerto_unity(enxerto_torch_parts)
  # at::parallel_for is a loop of one thread unless what includes it is compiled with OpenMP; the runtime is the one that
  # LibTorch brings. ThreadSanitizer does not see its barriers, and clang has another.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT ENXERTO_SANITIZE STREQUAL "thread")
    target_compile_options(enxerto_torch_parts PRIVATE -fopenmp)
    target_link_options(enxerto_torch_parts INTERFACE -fopenmp)
  endif()
  add_library(enxerto_torch MODULE "${PROJECT_SOURCE_DIR}/enxerto/engine/torch/module.cpp")
  target_link_libraries(enxerto_torch PRIVATE enxerto_torch_parts)
  target_link_options(enxerto_torch PRIVATE -Wl,--exclude-libs,ALL -Wl,--no-undefined)
  set_target_properties(enxerto_torch_parts enxerto_torch PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()

# Tokenizers, a module like the engines; without Rust there is none, and Enxerto reads no texts.
if(TARGET enxerto_tokenizers)
  add_library(enxerto_text MODULE "${PROJECT_SOURCE_DIR}/enxerto/media/text/module/module.cpp")
  target_link_libraries(enxerto_text PRIVATE enxerto_compiler enxerto_tokenizers)
  target_link_options(enxerto_text PRIVATE -Wl,--exclude-libs,ALL -Wl,--no-undefined -Wl,--gc-sections
    -Wl,--strip-debug)
  set_target_properties(enxerto_text PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endif()

# The reader of HDF5 files: a program of its own, the only one that links the HDF5 library, and never with sanitizers,
# whose memory and system calls its limits forbid.
file(GLOB hdf5_reader_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/enxerto/weights/hdf5_reader/*.cpp")
add_executable(enxerto_hdf5 ${hdf5_reader_sources})
target_compile_features(enxerto_hdf5 PRIVATE cxx_std_20)
target_compile_options(enxerto_hdf5 PRIVATE -Wall -Wextra -Wshadow)
target_compile_definitions(enxerto_hdf5 PRIVATE H5_USE_110_API)
target_include_directories(enxerto_hdf5 PRIVATE "${PROJECT_SOURCE_DIR}")
target_link_libraries(enxerto_hdf5 PRIVATE PkgConfig::HDF5 PkgConfig::SECCOMP)
set_target_properties(enxerto_hdf5 PROPERTIES OUTPUT_NAME enxerto-hdf5 RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
if(TARGET enxerto_weights)
  add_dependencies(enxerto_weights enxerto_hdf5)
  target_compile_definitions(enxerto_weights PRIVATE
    ENXERTO_INSTALLED_HELPER_DIR="${CMAKE_INSTALL_FULL_LIBDIR}/enxerto")
endif()
if(TARGET enxerto_pretrained)
  target_compile_definitions(enxerto_pretrained PRIVATE ENXERTO_WHEELS_DIR="${ENXERTO_DEPS_DIR}")
endif()
if(TARGET enxerto_media)
  # Declarations only: these libraries are opened with the first clip.
  target_include_directories(enxerto_media SYSTEM PRIVATE ${SNDFILE_INCLUDE_DIRS} ${SOXR_INCLUDE_DIRS})
endif()
if(TARGET enxerto_download)
  # Its declarations only: the library is opened at the first download.
  target_include_directories(enxerto_download SYSTEM PRIVATE ${CURL_INCLUDE_DIRS})
endif()

# libenxerto.so: every layer whole, what the command line and other programs link.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/whole.cpp" CONTENT "// The layers are the sources.\n")
add_library(enxerto SHARED "${PROJECT_BINARY_DIR}/whole.cpp")
add_library(enxerto::enxerto ALIAS enxerto)
set_target_properties(enxerto PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION} SOVERSION 0
  LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
target_compile_features(enxerto INTERFACE cxx_std_20)
target_include_directories(enxerto INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_options(enxerto PRIVATE -Wl,--no-undefined)
foreach(layer IN LISTS all_layers)
  target_link_libraries(enxerto PRIVATE "-Wl,--whole-archive" enxerto_${layer} "-Wl,--no-whole-archive")
endforeach()
foreach(module enxerto_openvino enxerto_torch enxerto_text)
  if(TARGET ${module})
    add_dependencies(enxerto ${module})
  endif()
endforeach()
