#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/weights/hdf5/descriptor.h"

namespace enxerto {

/// How a program ended.
struct Ending {
  bool known = false;  ///< false where the host program ignores or collects its children itself
  int signal = 0;      ///< that killed it, or 0
  int exit_code = 0;
};

/// A running program that was given one open file as number 3, a pipe as standard output, nothing else open, no
/// environment but LD_LIBRARY_PATH, and no blocked signals. It is started by posix_spawn, because a fork of a process
/// with threads is not safe; it is killed where it still runs when this object goes.
class ChildProcess {
 public:
  /// Throws Error{weights} naming `where`, where it cannot be started.
  ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments, int file);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// What it writes.
  int output() const { return output_.number(); }

  void kill() const;
  Ending wait();

 private:
  Descriptor output_;
  pid_t id_ = -1;
};

}  // namespace enxerto
