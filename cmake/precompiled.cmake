# Headers of the standard library, {fmt} and JSON, read once for all layers and once for all tests: most of a small file's
# compile time is reading them. No header of our own is in it, so that a change of one does not build everything anew. A
# source still includes what it uses: the preset tidy builds without precompiled headers.
set(ENXERTO_PRECOMPILED
  <algorithm> <array> <atomic> <chrono> <cmath> <cstddef> <cstdint> <cstring> <filesystem> <functional> <limits> <map> <memory>
  <mutex> <numeric> <optional> <set> <span> <string> <string_view> <thread> <tuple> <unordered_map> <utility> <variant> <vector>
  <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp>)

file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cpp" CONTENT "// Made for its precompiled header.\n")
add_library(enxerto_precompiled OBJECT "${PROJECT_BINARY_DIR}/precompiled.cpp")
target_link_libraries(enxerto_precompiled PRIVATE enxerto_compiler fmt::fmt nlohmann_json::nlohmann_json)
target_precompile_headers(enxerto_precompiled PRIVATE ${ENXERTO_PRECOMPILED})
