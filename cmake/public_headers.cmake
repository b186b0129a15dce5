# enxerto_public_headers(OUT ROOT): the headers that enxerto/enxerto.h includes, and what those include, relative to ROOT.
# They are what is installed; there is no other list of them.
cmake_policy(VERSION 3.25)
function(enxerto_public_headers out root)
  set(found "")
  set(open "enxerto/enxerto.h")
  while(open)
    list(POP_FRONT open header)
    list(APPEND found "${header}")
    file(STRINGS "${root}/${header}" lines REGEX "^#include \"enxerto/")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" included "${line}")
      if(NOT included IN_LIST found AND NOT included IN_LIST open)
        list(APPEND open "${included}")
      endif()
    endforeach()
  endwhile()
  list(SORT found)
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

# The libraries that public headers may include, as `folder of the include:package:target`. A program that uses an installed
# Enxerto needs their headers too, so a row is a burden on every user. There is none.
set(ENXERTO_PUBLIC_LIBRARIES "")

# The most that a program may have to read: headers, and their lines.
set(ENXERTO_PUBLIC_HEADERS_AT_MOST 30)
set(ENXERTO_PUBLIC_LINES_AT_MOST 1500)
