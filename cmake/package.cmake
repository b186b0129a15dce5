# What `cmake --install` puts where: libenxerto.so, the engines and the parts of OpenVINO and LibTorch that they need, the command
# line, the public headers, and the files that find_package(enxerto) reads. An installed copy needs nothing of this tree but weights that are nowhere else.
include(CMakePackageConfigHelpers)
include(public_headers)
set(enxerto_engine_libs "${CMAKE_INSTALL_LIBDIR}/enxerto")
set(enxerto_cmake_files "${CMAKE_INSTALL_LIBDIR}/cmake/enxerto")
file(RELATIVE_PATH bin_to_lib "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")

set(find_public_libraries "")
foreach(row IN LISTS ENXERTO_PUBLIC_LIBRARIES)
  string(REGEX MATCH "^([^:]+):([^:]+):(.+)$" _ "${row}")
  string(APPEND find_public_libraries "find_dependency(${CMAKE_MATCH_2})\n")
  target_link_libraries(enxerto INTERFACE "${CMAKE_MATCH_3}")
endforeach()

set_target_properties(enxerto PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS enxerto EXPORT enxertoTargets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(TARGET enxerto_openvino)
  set_target_properties(enxerto_openvino PROPERTIES INSTALL_RPATH "$ORIGIN/enxerto")
  install(TARGETS enxerto_openvino LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  # Another OpenVINO, found through CMAKE_PREFIX_PATH, is on that machine already.
  cmake_path(IS_PREFIX ENXERTO_DEPS_DIR "${OpenVINO_DIR}" openvino_is_the_wheel)
  if(openvino_is_the_wheel)
    set(openvino_libs "${ENXERTO_DEPS_DIR}/openvino/libs")
    file(GLOB openvino_runtime "${openvino_libs}/libopenvino.so.*" "${openvino_libs}/libopenvino_intel_cpu_plugin.so"
      "${openvino_libs}/libopenvino_onnx_frontend.so.*" "${openvino_libs}/libtbb*.so.*" "${openvino_libs}/libhwloc.so.*")
    install(PROGRAMS ${openvino_runtime} DESTINATION "${enxerto_engine_libs}")
  endif()
endif()
if(TARGET enxerto_torch)
  # LibTorch lies as in its wheels, for it finds the rest by run paths of its own.
  set_target_properties(enxerto_torch PROPERTIES INSTALL_RPATH "$ORIGIN/enxerto/torch/lib")
  install(TARGETS enxerto_torch LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  set(torch_libs "${ENXERTO_TRAIN_DEPS_DIR}/torch/lib")
  set(cuda_libs "${ENXERTO_TRAIN_DEPS_DIR}/nvidia/cu13/lib")
  install(PROGRAMS "${torch_libs}/libtorch_cpu.so" "${torch_libs}/libc10.so" "${torch_libs}/libgomp.so.1"
    DESTINATION "${enxerto_engine_libs}/torch/lib")
  install(PROGRAMS "${cuda_libs}/libcudart.so.13" "${cuda_libs}/libcupti.so.13"
    DESTINATION "${enxerto_engine_libs}/nvidia/cu13/lib")
endif()
if(TARGET enxerto_text)
  install(TARGETS enxerto_text LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
install(TARGETS enxerto_hdf5 RUNTIME DESTINATION "${enxerto_engine_libs}")
if(TARGET enxerto_cli)
  set_target_properties(enxerto_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
  install(TARGETS enxerto_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

# The list of public headers is made when it is needed, so that it cannot be out of date.
install(CODE "
  include([[${PROJECT_SOURCE_DIR}/cmake/public_headers.cmake]])
  enxerto_public_headers(headers [[${PROJECT_SOURCE_DIR}]])
  foreach(header IN LISTS headers)
    get_filename_component(folder \"\${header}\" DIRECTORY)
    file(INSTALL \"${PROJECT_SOURCE_DIR}/\${header}\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/\${folder}\")
  endforeach()")

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(EXPORT enxertoTargets NAMESPACE enxerto:: DESTINATION "${enxerto_cmake_files}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/enxertoConfig.cmake.in" "${PROJECT_BINARY_DIR}/enxertoConfig.cmake"
  INSTALL_DESTINATION "${enxerto_cmake_files}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/enxertoConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/enxertoConfig.cmake" "${PROJECT_BINARY_DIR}/enxertoConfigVersion.cmake"
  DESTINATION "${enxerto_cmake_files}")
