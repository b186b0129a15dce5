#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "enxerto/base/hash.h"

namespace enxerto {

/// SHA-256, and MD5 where it is wanted, of the same bytes.
class RunningDigest {
 public:
  explicit RunningDigest(bool wants_md5) : wants_md5_(wants_md5) {}

  void add(std::span<const std::byte> bytes) {
    sha256_.add(bytes);
    if (wants_md5_) md5_.add(bytes);
  }

  std::string sha256() { return sha256_.hex(); }              ///< ends the stream
  std::string md5() { return wants_md5_ ? md5_.hex() : ""; }  ///< ends the stream

 private:
  bool wants_md5_;
  Sha256Stream sha256_;
  Md5Stream md5_;
};

}  // namespace enxerto
