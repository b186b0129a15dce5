// Throughput of a frozen prefix with pictures already in memory. benchmarks/throughput.py runs it beside OpenVINO's own
// Python API on the file that it exports.
//
//   benchmark_throughput export BACKBONE SIZE FILE.onnx
//   benchmark_throughput run BACKBONE SIZE fp32|bf16 THREADS BATCH SECONDS      prints pictures/s and pictures/CPU-s
#include <fmt/format.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/cut.h"
#include "enxerto/onnx/export.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {
namespace {

struct Plan {
  std::string backbone;
  int size = 224;
  Precision precision = Precision::fp32;
  int threads = 2, batch = 1;
  double seconds = 3;
};

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Graph prefix_of(const std::string& backbone, int size) {
  return cut_at_frontier(load_backbone(backbone, {.weights = {}, .size = size}).graph, "head").prefix;
}

Tensor pictures(const Plan& plan) {
  TensorBuffer buffer(DType::f32, {plan.batch, 3, plan.size, plan.size});
  float value = 0;
  for (float& pixel : buffer.as<float>()) pixel = (value = value > 1 ? -1 : value + 0.37F);
  return std::move(buffer).freeze();
}

void run(const Plan& plan) {
  const auto executor = compile(prefix_of(plan.backbone, plan.size),
                                {.threads = plan.threads, .precision = plan.precision, .batch = plan.batch});
  const Tensor input = pictures(plan);
  const auto work = [&](double seconds) {
    std::atomic<long> done = 0;
    const double end = wall_seconds() + seconds;
    run_workers(plan.threads, [&](int) {
      while (wall_seconds() < end) {
        executor->run(input);
        done += plan.batch;
      }
    });
    return static_cast<double>(done);
  };
  work(0.3);
  const double wall = wall_seconds(), cpu = cpu_seconds();
  const double done = work(plan.seconds);
  fmt::print("{:.2f} {:.2f}\n", done / (wall_seconds() - wall), done / (cpu_seconds() - cpu));
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() == 4 && words[0] == "export") {
    write_onnx(prefix_of(words[1], std::stoi(words[2])), words[3]);
    return 0;
  }
  if (words.size() != 7 || words[0] != "run") {
    fmt::print(stderr, "see the first lines of benchmarks/throughput.cpp\n");
    return 2;
  }
  run({.backbone = words[1],
       .size = std::stoi(words[2]),
       .precision = words[3] == "bf16" ? Precision::bf16 : Precision::fp32,
       .threads = std::stoi(words[4]),
       .batch = std::stoi(words[5]),
       .seconds = std::stod(words[6])});
  return 0;
}

}  // namespace
}  // namespace enxerto

int main(int count, char** words) {
  try {
    return enxerto::main_of({words + 1, words + count});
  } catch (const enxerto::Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return error.exit_code();
  }
}
