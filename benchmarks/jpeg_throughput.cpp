// From JPEG files to features, decode and resize included. benchmarks/jpeg_throughput.py makes the files and runs this
// beside Pillow and OpenVINO in Python.
//
//   benchmark_jpeg_throughput extract DIR BACKBONE SIZE THREADS    prints pictures/s and CPU ms a picture, start-up
//   left out benchmark_jpeg_throughput parts DIR BACKBONE SIZE              prints ms a picture on one thread: read,
//   decode,
//                                                                  preprocess, engine
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/open.h"
#include "enxerto/features/extract.h"
#include "enxerto/graph/cut.h"
#include "enxerto/media/image/image_preprocessor.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {
namespace {

constexpr int kBatch = 4;

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

FeatureSource source_of(const std::string& backbone, int size) {
  const Backbone loaded = load_backbone(backbone, {.weights = {}, .size = size});
  FeatureSource source;
  source.prefix = cut_at_frontier(loaded.graph, "head").prefix;
  source.preprocessor = patched(*loaded.spec.preprocessor, {{"size", size}, {"fit", "squash"}}, backbone);
  source.description = backbone;
  return source;
}

struct Cost {
  double wall = 0, cpu = 0;
};

Cost cost_of(const Dataset& data, const FeatureSource& source, int threads) {
  const double wall = wall_seconds(), cpu = cpu_seconds();
  extract(data, source, {.threads = threads, .batch = 0, .on_bad = OnBad::error, .cache = nullptr});
  return {wall_seconds() - wall, cpu_seconds() - cpu};
}

/// All files less a fifth of them: what remains is without the compilation of the network.
void print_extraction(const DatasetPtr& data, const FeatureSource& source, int threads) {
  const std::size_t few = data->size() / 5;
  const Cost small = cost_of(*take(data, few), source, threads), all = cost_of(*data, source, threads);
  const auto pictures = static_cast<double>(data->size() - few);
  fmt::print("{:.3f} {:.3f}\n", pictures / (all.wall - small.wall), 1e3 * (all.cpu - small.cpu) / pictures);
}

template <typename Work>
double milliseconds(std::size_t count, Work work) {
  const double begin = cpu_seconds();
  for (std::size_t i = 0; i < count; ++i) work(i);
  return 1e3 * (cpu_seconds() - begin) / static_cast<double>(count);
}

void print_parts(const Dataset& data, const FeatureSource& source) {
  const std::size_t count = data.size() / kBatch * kBatch;
  const ImagePreprocess preprocess = image_preprocess_from_json(source.preprocessor->record(), "record");
  std::vector<std::vector<Field>> fields(count);
  const double read = milliseconds(count, [&](std::size_t i) { fields[i] = fields_of(data, *data.get(i)); });
  std::vector<Image> ring(16);
  const double decoding = milliseconds(count, [&](std::size_t i) {
    ring[i % ring.size()] = decode(fields[i], data.get(i)->id(), decode_options(preprocess));
  });
  const int size = preprocess.size;
  TensorBuffer batch(DType::f32, {kBatch, 3, size, size});
  const std::size_t width = batch.size() / kBatch;
  const double preprocessing = milliseconds(count, [&](std::size_t i) {
    preprocess_into(ring[i % ring.size()], preprocess, batch.as<float>().subspan(i % kBatch * width, width));
  });
  const Tensor input = std::move(batch).freeze();
  const auto executor =
      compile(source.prefix, {.threads = 1, .streams = 1, .precision = source.precision, .batch = kBatch});
  executor->run(input);
  const double engine = milliseconds(count / kBatch, [&](std::size_t) { executor->run(input); }) / kBatch;
  fmt::print("{:.4f} {:.4f} {:.4f} {:.4f}\n", read, decoding, preprocessing, engine);
}

int main_of(const std::vector<std::string>& words) {
  if (words.size() < 4 || (words[0] == "extract") != (words.size() == 5)) {
    fmt::print(stderr, "see the first lines of benchmarks/jpeg_throughput.cpp\n");
    return 2;
  }
  const DatasetPtr data = open_files({words[1]});
  const FeatureSource source = source_of(words[2], std::stoi(words[3]));
  if (words[0] == "extract")
    print_extraction(data, source, std::stoi(words[4]));
  else
    print_parts(*data, source);
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
