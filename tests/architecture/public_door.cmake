# Fails where a program that includes enxerto/enxerto.h has to read more than cmake/public_headers.cmake allows.
# Usage: cmake -DROOT=<tree> -P public_door.cmake
cmake_policy(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/public_headers.cmake")

enxerto_public_headers(headers "${ROOT}")
list(LENGTH headers count)
set(lines 0)
foreach(header IN LISTS headers)
  file(READ "${ROOT}/${header}" text)
  string(REGEX REPLACE "[^\n]" "" text "${text}")
  string(LENGTH "${text}" length)
  math(EXPR lines "${lines} + ${length}")
endforeach()

message(STATUS "enxerto/enxerto.h includes ${count} headers, ${lines} lines")
if(count GREATER ENXERTO_PUBLIC_HEADERS_AT_MOST)
  message(SEND_ERROR "${count} public headers, at most ${ENXERTO_PUBLIC_HEADERS_AT_MOST}: ${headers}")
endif()
if(lines GREATER ENXERTO_PUBLIC_LINES_AT_MOST)
  message(SEND_ERROR "${lines} lines in public headers, at most ${ENXERTO_PUBLIC_LINES_AT_MOST}")
endif()
