#include "enxerto/weights/hdf5/read_hdf5.h"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/copy_limit.h"
#include "enxerto/weights/hdf5/answer_format.h"
#include "enxerto/weights/hdf5/child_process.h"
#include "enxerto/weights/hdf5/file_image.h"
#include "enxerto/weights/hdf5/reader_path.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

using Clock = std::chrono::steady_clock;

/// The limits of one run, all known.
struct Bounds {
  std::chrono::milliseconds wall;
  std::uint64_t cpu_seconds, unpacked_bytes, address_space;
};

Bounds bounds_for(std::uint64_t file_bytes, const Hdf5Limits& limits) {
  constexpr std::uint64_t kBytesPerSecond = 10'000'000, kSeconds = 60, kOwnMemory = std::uint64_t{512} << 20;
  const std::uint64_t seconds = kSeconds + file_bytes / kBytesPerSecond;
  Bounds bounds{.wall = limits.wall.value_or(std::chrono::seconds(2 * seconds)),
                .cpu_seconds = limits.cpu_seconds.value_or(seconds),
                .unpacked_bytes = limits.unpacked_bytes.value_or(copy_limit(file_bytes)),
                .address_space = 0};
  bounds.address_space = file_bytes + 2 * bounds.unpacked_bytes + kOwnMemory;
  return bounds;
}

constexpr const char* kDoubt = "it is damaged or malicious: get it from its source again";

[[noreturn]] void fail_hdf5(std::string_view where, std::string found) {
  throw_weights_error(where, {.found = std::move(found), .expected = "an HDF5 file as Keras writes it", .tip = kDoubt});
}

[[noreturn]] void fail_by_exit(int code, const Bounds& bounds, std::string_view where) {
  switch (static_cast<HelperExit>(code)) {
    case HelperExit::unpacking:
      fail_hdf5(where, "has a compressed data set that cannot be decompressed");
    case HelperExit::memory:
      fail_hdf5(where, fmt::format("needs more than {} MB to be read", bounds.address_space >> 20));
    case HelperExit::confinement:
      throw_weights_error(where, {.found = "is an HDF5 file, and the program enxerto-hdf5 that reads those cannot "
                                           "confine itself on this system",
                                  .expected = "a kernel with seccomp filters",
                                  .tip = "allow seccomp in the container, or export the weights as safetensors"});
    default:
      throw_weights_error(where, {.found = fmt::format("is not read by enxerto-hdf5: exit code {}", code),
                                  .expected = "the program of this version of Enxerto",
                                  .tip = "install Enxerto again; if HDF5's library is missing, install libhdf5"});
  }
}

[[noreturn]] void fail_by_ending(const Ending& ending, const Bounds& bounds, std::string_view where) {
  if (ending.signal == SIGXCPU || ending.signal == SIGKILL)
    fail_hdf5(where, fmt::format("was not read within {} s of processor time", bounds.cpu_seconds));
  if (ending.signal == SIGSYS) fail_hdf5(where, "makes the HDF5 library use a system call that reading does not need");
  if (ending.signal != 0) fail_hdf5(where, fmt::format("makes the HDF5 library crash (signal {})", ending.signal));
  if (ending.exit_code != 0) fail_by_exit(ending.exit_code, bounds, where);
  fail_hdf5(where, "got an incomplete answer from enxerto-hdf5");
}

/// Reads from a pipe until a time.
class Pipe {
 public:
  Pipe(int file, Clock::time_point end) : file_(file), end_(end) {}

  /// How many of the bytes came before the end of the pipe or of the time.
  std::size_t read(std::span<std::byte> to) {
    std::size_t done = 0;
    while (done < to.size() && wait()) {
      const ssize_t count = ::read(file_, to.data() + done, to.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      done += to_size(count);
    }
    return done;
  }

  bool timed_out() const { return timed_out_; }

 private:
  bool wait() {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now()).count();
      pollfd file{.fd = file_, .events = POLLIN, .revents = 0};
      const int ready = left <= 0 ? 0 : ::poll(&file, 1, static_cast<int>(std::min<std::int64_t>(left, 1 << 30)));
      if (ready > 0) return true;
      if (ready < 0 && errno == EINTR) continue;
      timed_out_ = ready == 0;
      return false;
    }
  }

  int file_;
  Clock::time_point end_;
  bool timed_out_ = false;
};

SharedBytes shared(TensorBuffer buffer) {
  const auto whole = std::make_shared<const Tensor>(std::move(buffer).freeze());
  return {.bytes = whole->bytes(), .owner = whole};
}

/// The whole answer of a program that ended well.
SharedBytes answer_of(ChildProcess& helper, const Bounds& bounds, std::string_view where) {
  Pipe pipe(helper.output(), Clock::now() + bounds.wall);
  const auto fail_unless = [&](bool whole) {
    if (whole) return;
    if (pipe.timed_out()) fail_hdf5(where, fmt::format("was not read within {} ms", bounds.wall.count()));
    fail_by_ending(helper.wait(), bounds, where);
  };
  std::array<std::byte, kAnswerHeaderBytes> head{};
  fail_unless(pipe.read(head) == head.size());
  const AnswerHeader header = parse_answer_header(head, bounds.unpacked_bytes, where);
  TensorBuffer buffer(DType::u8, {static_cast<std::int64_t>(header.total_bytes())});
  std::ranges::copy(head, buffer.bytes().begin());
  const auto rest = buffer.bytes().subspan(head.size());
  fail_unless(pipe.read(rest) == rest.size());
  std::byte more{};
  const bool longer = pipe.read({&more, 1}) > 0;
  if (longer) fail_hdf5(where, "got an endless answer from enxerto-hdf5");
  fail_unless(!pipe.timed_out());
  const Ending ending = helper.wait();
  if (ending.known && (ending.signal != 0 || ending.exit_code != 0)) fail_by_ending(ending, bounds, where);
  return shared(std::move(buffer));
}

}  // namespace

Hdf5Group read_hdf5(const FileSource& source, const SharedBytes& image, const Hdf5Limits& limits) {
  const std::filesystem::path program =
      limits.helper.empty() ? find_hdf5_helper(helper_directories(), source.where) : limits.helper;
  const FileImage file = open_image(source, image.bytes);
  const Bounds bounds = bounds_for(file.size, limits);
  std::vector<std::string> arguments;
  for (const std::uint64_t number :
       {file.offset, file.size, bounds.unpacked_bytes, bounds.address_space, bounds.cpu_seconds})
    arguments.push_back(std::to_string(number));
  ChildProcess helper(program, arguments, file.file.number());
  return parse_answer(answer_of(helper, bounds, source.where), image, source.where);
}

}  // namespace enxerto
