#include "enxerto/weights/hdf5/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

[[noreturn]] void fail(const std::filesystem::path& program, int error_number) {
  throw_weights_error(program.string(), {.found = "cannot be started: " + std::generic_category().message(error_number),
                                         .expected = "the program that reads HDF5 files",
                                         .tip = "install Enxerto again, or see `ulimit -u` and `ulimit -n`"});
}

/// A copy above the numbers that the child gives to its own files, so that none is overwritten before it is used.
Descriptor high_copy(int file, const std::filesystem::path& program) {
  Descriptor copy(::fcntl(file, F_DUPFD_CLOEXEC, 10));
  if (!copy.is_open()) fail(program, errno);
  return copy;
}

class FileActions {
 public:
  FileActions(int file, int output) : good_(posix_spawn_file_actions_init(&actions_) == 0 && fill(file, output)) {}
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  const posix_spawn_file_actions_t* get() const { return good_ ? &actions_ : nullptr; }

 private:
  bool fill(int file, int output) {
    return posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_adddup2(&actions_, output, 1) == 0 &&
           posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_adddup2(&actions_, file, 3) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(&actions_, 4) == 0;
  }

  posix_spawn_file_actions_t actions_{};
  bool good_;
};

class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> small_environment() {
  // No plug-in is looked for and no lock taken, whatever the user's settings for HDF5 are.
  std::vector<std::string> texts{"HDF5_PLUGIN_PRELOAD=::", "HDF5_USE_FILE_LOCKING=FALSE"};
  if (const char* const path = std::getenv("LD_LIBRARY_PATH"); path != nullptr)
    texts.push_back(std::string("LD_LIBRARY_PATH=") + path);
  return texts;
}

}  // namespace

ChildProcess::ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments, int file) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(program, errno);
  output_ = Descriptor(ends[0]);
  const Descriptor low_end(ends[1]);
  const Descriptor writing_end = high_copy(low_end.number(), program), copy = high_copy(file, program);
  const FileActions actions(copy.number(), writing_end.number());
  const Attributes attributes;
  std::vector<std::string> words{program.string()}, environment = small_environment();
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (actions.get() == nullptr) fail(program, ENOMEM);
  const int failure = ::posix_spawn(&id_, program.c_str(), actions.get(), attributes.get(), pointers(words).data(),
                                    pointers(environment).data());
  if (failure == 0) return;
  id_ = -1;
  fail(program, failure);
}

ChildProcess::~ChildProcess() {
  kill();
  wait();
}

void ChildProcess::kill() const {
  if (id_ > 0) ::kill(id_, SIGKILL);
}

Ending ChildProcess::wait() {
  output_.close();
  if (id_ <= 0) return {};
  int status = 0;
  pid_t got = -1;
  do {
    got = ::waitpid(id_, &status, 0);
  } while (got < 0 && errno == EINTR);
  const pid_t id = id_;
  id_ = -1;
  if (got != id) return {};
  if (WIFSIGNALED(status)) return {.known = true, .signal = WTERMSIG(status), .exit_code = 0};
  return {.known = true, .signal = 0, .exit_code = WEXITSTATUS(status)};
}

}  // namespace enxerto
