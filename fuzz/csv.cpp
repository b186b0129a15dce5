#include "enxerto/data/csv_reader.h"

#include <cmath>
#include <cstdint>

#include "enxerto/base/error.h"
#include "enxerto/data/csv_number.h"

/// Whatever the bytes are, they are rows in order, of finite numbers where cells are numbers, or an Error{data}.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr char kSeparators[] = {',', ';', '\t'};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    enxerto::CsvReader reader(text, kSeparators[data[0] % 3], "fuzz.csv");
    std::vector<std::string> fields;
    std::size_t line = 0;
    while (reader.next(fields)) {
      if (fields.empty() || reader.line() <= line) __builtin_trap();
      line = reader.line();
      for (const std::string& field : fields) {
        if (const auto number = enxerto::csv_number(field); number && !std::isfinite(*number)) __builtin_trap();
      }
    }
  } catch (const enxerto::Error& error) {
    if (error.kind() != enxerto::ErrorKind::data) __builtin_trap();
  }
  return 0;
}
