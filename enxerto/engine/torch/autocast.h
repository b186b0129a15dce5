#pragma once
#include <ATen/autocast_mode.h>

namespace enxerto {

/// PyTorch's autocast to bfloat16 for as long as this lives, where it is wanted.
class Autocast {
 public:
  Autocast(bool wanted, at::DeviceType device) : wanted_(wanted), device_(device) {
    if (!wanted_) return;
    was_enabled_ = at::autocast::is_autocast_enabled(device_);
    type_ = at::autocast::get_autocast_dtype(device_);
    at::autocast::set_autocast_enabled(device_, true);
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
    at::autocast::increment_nesting();
  }
  ~Autocast() {
    if (!wanted_) return;
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, was_enabled_);
    at::autocast::set_autocast_dtype(device_, type_);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool wanted_, was_enabled_ = false;
  at::DeviceType device_;
  at::ScalarType type_ = at::kBFloat16;
};

}  // namespace enxerto
