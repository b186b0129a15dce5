#include "enxerto/model/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/bundle/layout.h"
#include "enxerto/bundle/manifest.h"
#include "enxerto/engine/executor.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/model/looking_networks.h"
#include "enxerto/model/model.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

namespace {

/// Runs a check; what it throws as Error{weights} or Error{data} is its failure.
template <typename Look>
bool add_check(VerifyReport& report, std::string name, Look look) {
  VerifyCheck check{.name = std::move(name), .ok = true};
  try {
    look(check);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::weights && error.kind() != ErrorKind::data) throw;
    check.ok = false;
    check.detail = error.what();
  }
  report.checks.push_back(check);
  return check.ok;
}

bool may_be_edited(std::string_view name) {
  return bundle_layout::file_named(name)->role == bundle_layout::Role::tells;
}

void check_files(VerifyReport& report, const std::filesystem::path& path, const Manifest& manifest) {
  for (const ManifestEntry& entry : manifest.files) {
    add_check(report, entry.name, [&](VerifyCheck& check) {
      check.detail = difference(path, entry);
      check.changed = !check.detail.empty();
      check.ok = !check.changed || may_be_edited(entry.name);
      if (!check.changed)
        check.detail = fmt::format("{} bytes, SHA-256 {}", entry.size, entry.sha256.substr(0, 16));
      else if (check.ok)
        check.detail += "; predictions do not depend on it";
    });
  }
  const std::vector<std::string> extra = unlisted_files(path, manifest);
  if (!extra.empty()) {
    report.checks.push_back({.name = "other files",
                             .ok = true,
                             .detail = fmt::format("not part of the model: {}", fmt::join(extra, ", "))});
  }
}

bool is_finite(const Tensor& tensor) {
  const Tensor values = tensor.to_float32();
  return std::all_of(values.as<float>().begin(), values.as<float>().end(),
                     [](float value) { return std::isfinite(value); });
}

void check_parameters(const StateDict& parameters, VerifyCheck& check) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : parameters) {
    numbers += tensor.size();
    if (check.ok && !is_finite(tensor)) {
      check.ok = false;
      check.detail = fmt::format("'{}' holds a value that is not finite", name);
    }
  }
  if (check.ok) check.detail = fmt::format("{} numbers in {} tensors, all finite", numbers, parameters.size());
}

/// Largest absolute difference; infinite where one is not a number.
double largest_difference(const Tensor& a, const Tensor& b) {
  double largest = 0;
  const auto left = a.as<float>(), right = b.as<float>();
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double apart = std::abs(static_cast<double>(left[i]) - static_cast<double>(right[i]));
    largest = std::isnan(apart) ? std::numeric_limits<double>::infinity() : std::max(largest, apart);
  }
  return largest;
}

void check_golden(const Bundle& bundle, int threads, VerifyCheck& check) {
  const Model model(bundle, {.threads = threads, .precision = ModelPrecision::fp32});
  const TensorMap found = model.run(golden_part(bundle, "input/"));
  std::int64_t rows = 0;
  double apart = 0, allowed = kGoldenTolerance;
  const TensorMap outputs = golden_part(bundle, "output/");
  for (const auto& [name, wanted] : outputs) {
    rows = wanted.shape()[0];
    allowed = std::max(allowed, kGoldenTolerance * model.task().scale_of(wanted));
    const Tensor* output = found.find(name);
    apart = output == nullptr || output->shape() != wanted.shape()
                ? std::numeric_limits<double>::infinity()
                : std::max(apart, largest_difference(*output, wanted));
  }
  check.ok = apart <= allowed;
  check.detail = fmt::format("{} examples, largest difference {:.1e}, at most {:.0e} in fp32", rows, apart, allowed);
}

/// Each network that the preprocessing looks with runs, and the preprocessing takes what it says.
void check_looking_networks(const Bundle& bundle, int threads, VerifyCheck& check) {
  constexpr std::size_t kMostNumbers = std::size_t{1} << 26;  // of an input
  for (const auto& [name, graph] : bundle.networks) {
    TensorMap inputs;
    for (const Value& input : graph.inputs) {
      const Shape shape = of_one(input.shape);
      if (element_count(shape) > kMostNumbers)
        throw weights_error(fmt::format("network '{}'", name), fmt::format("an input of {}", to_string(shape)),
                            fmt::format("at most {} numbers", kMostNumbers));
      TensorBuffer zeros(input.dtype, shape);
      std::ranges::fill(zeros.bytes(), std::byte{0});
      inputs.set(input.name, std::move(zeros).freeze());
    }
    const TensorMap outputs = compile(graph, {.threads = threads, .precision = Precision::fp32})->run(inputs);
    for (const auto& [output, tensor] : outputs)
      if (!is_finite(tensor))
        throw weights_error(fmt::format("network '{}'", name), fmt::format("an answer '{}' that is not finite", output),
                            "numbers");
    check_parameters(graph.parameters, check);
    if (!check.ok) return;
  }
  const PreprocessorPtr preprocessor = with_looking_networks(bundle.preprocessor, bundle.networks, threads);
  try {
    OwnSlots slots(preprocessor->inputs());
    std::vector<Field> sample = preprocessor->sample(0);
    for (Field& field : sample) field.marks = {};  // what is known needs no looking
    (void)preprocessor->encode(sample, {.where = "a sample"}, slots);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;  // that nothing is found in a sample is an answer
  }
  check.detail = fmt::format("{}, which run", counted(bundle.networks.size(), "network"));
}

}  // namespace

bool VerifyReport::ok() const {
  return std::all_of(checks.begin(), checks.end(), [](const VerifyCheck& check) { return check.ok; });
}

VerifyReport verify(const std::filesystem::path& path, int threads) {
  std::error_code failed;
  if (!std::filesystem::exists(path / bundle_layout::kManifest, failed)) read_bundle(path);  // Throws, saying why.
  VerifyReport report;
  Manifest manifest;
  const bool listed = add_check(report, std::string(bundle_layout::kManifest), [&](VerifyCheck& check) {
    manifest = read_manifest(path);
    check.detail = fmt::format("{} files, saved by enxerto {}", manifest.files.size(), manifest.enxerto_version);
  });
  if (!listed) return report;
  check_files(report, path, manifest);
  if (!report.ok()) return report;

  Bundle bundle;
  const bool readable = add_check(report, "contents", [&](VerifyCheck& check) {
    bundle = read_bundle(path);
    check.detail = fmt::format("{} nodes, {} labels", bundle.graph.nodes.size(), bundle.labels.size());
  });
  if (!readable) return report;
  add_check(report, "parameters", [&](VerifyCheck& check) { check_parameters(bundle.graph.parameters, check); });
  if (!bundle.networks.empty())
    add_check(report, "networks of the preprocessing",
              [&](VerifyCheck& check) { check_looking_networks(bundle, threads, check); });
  add_check(report, "golden outputs", [&](VerifyCheck& check) { check_golden(bundle, threads, check); });
  return report;
}

}  // namespace enxerto
