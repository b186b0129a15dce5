#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/files/json.h"

namespace enxerto {

/// Reads the record of a preprocessor, which may come from a saved model that somebody edited: what is missing, of
/// another type, out of range or not known is Error{data} that names the member. `record` and `where` outlive it.
class RecordReader {
 public:
  /// Refuses members that are not among `names`; "kind" always is.
  RecordReader(const Json& record, std::span<const std::string_view> names, std::string_view where);

  bool has(std::string_view key) const { return record_.contains(key); }
  std::int64_t whole(std::string_view key, std::int64_t low, std::int64_t high) const;
  double number(std::string_view key, double low, double high) const;
  bool flag(std::string_view key) const;                                  ///< false where it is not there
  const Json& at(std::string_view key, std::string_view expected) const;  ///< refused where it is not there

  [[noreturn]] void refuse(std::string_view key, std::string found, std::string expected) const;

 private:
  const Json& record_;
  std::string_view where_;
};

}  // namespace enxerto
