# Headers of the standard library, {fmt} and JSON, read once for all layers and once for all tests: most of a small file's
# compile time is reading them. No header of our own is in it, so that a change of one does not build everything anew. A
# source still includes what it uses: the preset tidy builds without precompiled headers.
set(ENXERTO_PRECOMPILED
  <algorithm> <array> <atomic> <chrono> <cmath> <cstddef> <cstdint> <cstring> <filesystem> <functional> <limits> <map> <memory>
  <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <fmt/ranges.h>)


# json.hpp with its two literals (`""_json`) declared only: their inline bodies make every source that reads them compile a
# whole parser of a type which nobody uses, half a second each. Its include guard keeps the real one out afterwards.
find_file(ENXERTO_JSON_HPP nlohmann/json.hpp)
file(READ "${ENXERTO_JSON_HPP}" json_hpp)
string(REGEX REPLACE "(operator *\"\" *_json(_pointer)?\\([^)]*\\))[ \n]*{[^}]*}" "\\1;" json_hpp "${json_hpp}")
set(json_hpp "#pragma GCC system_header\n${json_hpp}")
set(literals_left_out "${PROJECT_BINARY_DIR}/precompiled/json.hpp")
file(CONFIGURE OUTPUT "${literals_left_out}" CONTENT "@json_hpp@" @ONLY)
list(APPEND ENXERTO_PRECOMPILED "${literals_left_out}")

file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cpp" CONTENT "// Made for its precompiled header.\n")
add_library(enxerto_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
target_link_libraries(enxerto_precompiled PRIVATE enxerto_compiler fmt::fmt nlohmann_json::nlohmann_json)
target_precompile_headers(enxerto_precompiled PRIVATE ${ENXERTO_PRECOMPILED})
