// enxerto-hdf5 OFFSET SIZE DATA-LIMIT ADDRESS-SPACE CPU-SECONDS
// Reads the HDF5 file that lies at OFFSET in the open file number 3 and answers on standard output in the format of
// enxerto/weights/hdf5/answer_format.h. The HDF5 library is not memory-safe on hostile files: it runs here, without a
// file system, a network or another process within reach, so that the worst that a file can do is to end this program.
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <new>

#include "enxerto/weights/hdf5_reader/confine.h"
#include "enxerto/weights/hdf5_reader/open_image.h"
#include "enxerto/weights/hdf5_reader/walk.h"
#include "enxerto/weights/hdf5_reader/write_answer.h"

namespace enxerto {
namespace {

constexpr int kFile = 3;

struct Arguments {
  std::uint64_t offset = 0, size = 0, data_limit = 0, address_space = 0, cpu_seconds = 0;
};

bool parse(int count, char** texts, Arguments& arguments) {
  const std::array numbers = {&arguments.offset, &arguments.size, &arguments.data_limit, &arguments.address_space,
                              &arguments.cpu_seconds};
  if (count != static_cast<int>(numbers.size()) + 1) return false;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const char* const text = texts[i + 1];
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, *numbers[i]);
    if (error != std::errc() || stop != end) return false;
  }
  return arguments.size > 0;
}

void answer(std::span<std::byte> image, const Arguments& arguments) {
  try {
    const Handle file = open_image(image);
    write_tree(index_file(file.get(), {.file_bytes = arguments.size, .data_bytes = arguments.data_limit}));
  } catch (const Refusal& refusal) {
    write_refusal(refusal);
  }
}

HelperExit failure_of(std::span<std::byte> image, const Arguments& arguments) {
  try {
    answer(image, arguments);
    return HelperExit{};
  } catch (const UnpackingFailed&) {
    return HelperExit::unpacking;
  } catch (const WritingFailed&) {
    return HelperExit::writing;
  } catch (const std::bad_alloc&) {
    return HelperExit::memory;
  }
}

int run(int count, char** texts) {
  Arguments arguments;
  if (!parse(count, texts, arguments)) return static_cast<int>(HelperExit::arguments);
  const auto image = map_image(kFile, arguments.offset, arguments.size);
  if (image.empty() || !start_hdf5()) return static_cast<int>(HelperExit::memory);
  const bool confined =
      limit_resources({.address_space = arguments.address_space, .cpu_seconds = arguments.cpu_seconds}) &&
      filter_system_calls();
  return static_cast<int>(confined ? failure_of(image, arguments) : HelperExit::confinement);
}

}  // namespace
}  // namespace enxerto

int main(int count, char** texts) {
  // The library's own tidying at exit has nothing left to do.
  _exit(enxerto::run(count, texts));
}
