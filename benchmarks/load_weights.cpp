#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

#include "enxerto/weights/read_weights.h"

namespace {

/// The sum of the bytes taken 8 at a time, so that each one was read.
std::uint64_t sum_of(const enxerto::Tensor& tensor) {
  std::uint64_t sum = 0;
  const std::size_t words = tensor.byte_size() / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < words; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, tensor.data() + i * sizeof(word), sizeof(word));
    sum += word;
  }
  return sum;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Highest resident memory of this process so far, in bytes.
std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::uint64_t kilobytes = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes * 1024;
}

}  // namespace

/// Prints how long reading a weight file took, how long with a sum over all elements, the sum, and the highest memory.
/// See load_weights.py.
int main(int count, char** words) {
  if (count != 2) {
    fmt::print(stderr, "Usage: benchmark_load_weights FILE\n");
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const enxerto::WeightFile file = enxerto::read_weights(std::string(words[1]));
  const double loaded = seconds_since(start);
  std::uint64_t sum = 0;
  for (const auto& entry : file.tensors) sum += sum_of(entry.second);
  const double touched = seconds_since(start);
  fmt::print("{} {} {} {}\n", loaded, touched, sum, peak_memory());
  return 0;
}
