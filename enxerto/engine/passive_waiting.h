#pragma once

namespace enxerto {

/// While this lives, a library that is opened finds in the environment that threads without work sleep. LibTorch's
/// OpenMP otherwise spins on its cores between two operators, which costs other runs on the same cores a multiple of
/// their time (two at once took three times as long as one); it reads this only once, when it is loaded, and has no
/// function for it. What the user has set stays. No other thread may read the environment meanwhile.
class PassiveWaiting {
 public:
  PassiveWaiting();
  ~PassiveWaiting();
  PassiveWaiting(const PassiveWaiting&) = delete;
  PassiveWaiting& operator=(const PassiveWaiting&) = delete;

 private:
  bool set_ = false;
};

}  // namespace enxerto
