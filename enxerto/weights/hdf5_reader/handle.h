#pragma once
#include <hdf5.h>

#include <string>
#include <utility>

#include "enxerto/weights/hdf5_reader/refusal.h"

namespace enxerto {

/// Owns an identifier of the HDF5 library, of whatever type.
class Handle {
 public:
  Handle() = default;
  /// Throws Refusal where `id` is the library's answer to a failure; `what` says what could not be opened.
  Handle(hid_t id, const std::string& what) : id_(id) {
    if (id_ < 0) throw Refusal{.found = "cannot be read: " + what};
  }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) H5Idec_ref(id_);
  }

  hid_t get() const { return id_; }

 private:
  hid_t id_ = -1;
};

}  // namespace enxerto
