# Holds the tree under ROOT against one promise of docs/architecture.md: a new medium or task is no line in any layer that
# does not have to know it. Run: cmake -DROOT=. -P tests/architecture/medium.cmake
# Outside the layers that do, no source names a medium (picture, image, audio, a value of `Medium`) or a kind of task, in
# code, message or comment: what is learned from is an "example", and messages take its noun from `nouns_of`.
# Every breach is listed; the script then fails.
cmake_minimum_required(VERSION 3.25)
get_filename_component(ROOT "${ROOT}" ABSOLUTE)
if(NOT IS_DIRECTORY "${ROOT}/enxerto")
  message(FATAL_ERROR "no folder enxerto/ under '${ROOT}': say -DROOT=<the project>")
endif()

set(named "[Pp]icture|[Pp]hoto|[Ii]mage|[Aa]udio|Medium::|[Cc]lassification|[Rr]egression|[Mm]ulti_?[Ll]abel")

# Layers that know media and tasks: they are what reads, answers and talks of them, and whose published weights are.
set(knowing data media tasks cli report pretrained)

# allow(<files> <words> <why>): what these files may say nevertheless.
set(allowed "")
function(allow files words why)
  list(APPEND allowed "${files}" "${words}")
  set(allowed "${allowed}" PARENT_SCOPE)
endfunction()
allow("^enxerto/zoo/" "[Pp]ictures?" "an architecture is drawn for one medium: its stem is of pictures")
allow("^enxerto/" "([Ss]oftmax|[Ll]ogistic|[Rr]idge)[_ ]?[Rr]egression" "the name of a method of solving, whatever it is used for")
allow("^enxerto/heads/" "regression_losses|regression losses|loss_regression" "the field's word for a family of losses")
allow("^enxerto/heads/" "multi_label|linear .regression." "the words of recipes for outputs that any task may ask for")
allow("^enxerto/weights/(hdf5|hdf5_reader|keras)/" "[Ii]mage" "HDF5 calls a file in memory an image")
allow("^enxerto/(features/extract|transfer/(phase|phase_fields|example_mixer))[.]" "media/image/(augment|augmentation|mix)[.]h"
      "random changes and mixtures are those of pictures so far; each preprocessor says which of them it has")
allow("^enxerto/model/model[.]" "Images?|images?|The same of pictures" "predict(span<const Image>) is for callers' comfort")
allow("^enxerto/bundle/bundle[.]h" "\"classification\"" "the task of saved models from before there were several")
allow("^enxerto/workflow/(recipe|recipe_rows|training_data)[.]" "images" "a recipe's key: where a table's files are")
allow("^enxerto/workflow/recipe_rows[.]" "how a picture is made square" "[input] has the keys of the only records so far")
allow("^enxerto/workflow/recipe_aliases[.]" "\"regression\"" "what an earlier version called otherwise")

file(GLOB_RECURSE sources RELATIVE "${ROOT}" "${ROOT}/enxerto/*/*.h" "${ROOT}/enxerto/*/*.cpp")
set(breaches "")
foreach(file IN LISTS sources)
  string(REGEX MATCH "^enxerto/([^/]+)/" _ "${file}")
  if(CMAKE_MATCH_1 IN_LIST knowing)
    continue()
  endif()
  file(STRINGS "${ROOT}/${file}" lines REGEX "${named}")
  foreach(line IN LISTS lines)
    set(left "${line}")
    set(pairs ${allowed})
    while(pairs)
      list(POP_FRONT pairs files words)
      if(file MATCHES "${files}")
        string(REGEX REPLACE "${words}" "" left "${left}")
      endif()
    endwhile()
    if(left MATCHES "(${named})")
      string(REPLACE ";" "," line "${line}")
      string(STRIP "${line}" line)
      list(APPEND breaches "${file}: '${CMAKE_MATCH_1}' in: ${line}")
    endif()
  endforeach()
endforeach()

list(LENGTH sources number)
if(number EQUAL 0)
  message(FATAL_ERROR "medium: no sources under ${ROOT}")
endif()
if(breaches)
  list(JOIN breaches "\n  " text)
  message(FATAL_ERROR "medium: a layer names what it does not have to know:\n  ${text}")
endif()
message(STATUS "medium: ${number} files, and only the layers that must name a medium or a task")
