#include "enxerto/engine/precision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/base/threads.h"

namespace enxerto {
namespace {

using Outputs = std::vector<TensorMap>;  // by batch of the sample

/// Number of examples of a batch.
std::int64_t rows_of(const TensorMap& batch) {
  const Tensor& first = batch.begin()->second;
  return first.shape().empty() ? 1 : first.shape()[0];
}

Outputs run_all(Executor& executor, std::span<const TensorMap> sample, int threads) {
  Outputs outputs(sample.size());
  parallel_for(threads, sample.size(), [&](std::size_t i) { outputs[i] = executor.run(sample[i]); });
  return outputs;
}

double seconds_of(Executor& executor, std::span<const TensorMap> sample, int threads) {
  const Stopwatch watch;
  run_all(executor, sample, threads);
  return watch.seconds();
}

double min_cosine_of(const Outputs& a, const Outputs& b) {
  double least = 1;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (const auto& [name, tensor] : a[i])
      least = std::min(least, min_row_cosine(tensor.to_float32(), b[i].at(name).to_float32()));
  return least;
}

double row_cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  if (aa == 0 && bb == 0) return 1;
  const double cosine = ab / std::sqrt(aa * bb);
  return std::isfinite(cosine) ? std::min(1.0, cosine) : -1;
}

void judge(MeasuredPrecision& choice) {
  const std::string measured = fmt::format("bf16 {:.0f}, fp32 {:.0f} examples/s; lowest cosine {:.6f}",
                                           choice.bf16_rate, choice.fp32_rate, choice.min_cosine);
  if (choice.min_cosine < kAgreement)
    choice.reason = fmt::format("bf16 does not agree with fp32: {}", measured);
  else if (choice.bf16_rate <= choice.fp32_rate)
    choice.reason = fmt::format("bf16 is not faster: {}", measured);
  else {
    choice.chosen = Precision::bf16;
    choice.reason = fmt::format("faster than fp32 and agrees with it: {}", measured);
  }
}

}  // namespace

std::string_view name_of(Precision precision) { return precision == Precision::bf16 ? "bf16" : "fp32"; }

bool has_bf16() {
  static const bool has = __builtin_cpu_supports("avx512bf16");
  return has;
}

double min_row_cosine(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape() || a.shape().empty())
    throw data_error("cosine of features", fmt::format("{} and {}", to_string(a.shape()), to_string(b.shape())),
                     "two tensors of one shape with rows");
  const std::span<const float> left = a.as<float>(), right = b.as<float>();
  const auto rows = static_cast<std::size_t>(a.shape()[0]);
  const std::size_t width = rows == 0 ? 0 : left.size() / rows;
  double least = 1;
  for (std::size_t row = 0; row < rows; ++row)
    least = std::min(least, row_cosine(left.subspan(row * width, width), right.subspan(row * width, width)));
  return least;
}

MeasuredPrecision choose_precision(const Graph& prefix, std::span<const TensorMap> sample, int threads) {
  if (sample.empty() || sample[0].empty())
    throw usage_error("precision auto", "no sample", "a batch of the user's inputs",
                      "choose the precision: fp32 or bf16");
  MeasuredPrecision choice;
  if (!has_bf16()) {
    choice.reason = "the processor has no bf16 arithmetic";
    return choice;
  }
  threads = resolve_threads(threads);
  const int batch = static_cast<int>(std::clamp<std::int64_t>(rows_of(sample[0]), 1, 1 << 20));
  const auto fp32 = compile(prefix, {.threads = threads, .precision = Precision::fp32, .batch = batch});
  const auto bf16 = compile(prefix, {.threads = threads, .precision = Precision::bf16, .batch = batch});
  choice.min_cosine = min_cosine_of(run_all(*fp32, sample, threads), run_all(*bf16, sample, threads));
  double examples = 0;
  for (const TensorMap& part : sample) examples += static_cast<double>(rows_of(part));
  choice.fp32_rate = examples / seconds_of(*fp32, sample, threads);
  choice.bf16_rate = examples / seconds_of(*bf16, sample, threads);
  judge(choice);
  return choice;
}

}  // namespace enxerto
