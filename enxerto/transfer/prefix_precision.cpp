#include "enxerto/transfer/prefix_precision.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/rng.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/engine/precision.h"
#include "enxerto/files/json.h"
#include "enxerto/media/batch_inputs.h"

namespace enxerto {
namespace {

constexpr std::size_t kWorthMeasuring = 512;
constexpr std::size_t kSample = 16;
constexpr std::uint64_t kSampleSeed = 0;

/// Features further apart than this are not worth extracting to have a loss judge them.
constexpr double kPlausible = 0.97;

/// Inputs by name, each of one example; examples that cannot be read are ignored, extraction will name them.
std::vector<TensorMap> sample_inputs(const Dataset& dataset, const Preprocessor& preprocessor) {
  Rng rng({.seed = kSampleSeed, .epoch = 0, .example = 0, .purpose = "precision"});
  std::vector<TensorMap> sample;
  for (std::size_t tried = 0; tried < 2 * kSample && sample.size() < kSample; ++tried) {
    const auto example = dataset.get(rng.below(dataset.size()));
    const std::string id = example->id();
    BatchInputs one(preprocessor.inputs(), 1);
    BatchInputs::Slots slots = one.slots(0);
    try {
      preprocessor.encode(fields_of(dataset, *example), {.where = id}, slots);
      sample.push_back(one.collect(1));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
    }
  }
  return sample;
}

PrefixPrecision measure(const FeatureSource& source, const Dataset& dataset, const ExtractOptions& options,
                        PrecisionJudge judge) {
  const std::vector<TensorMap> inputs = sample_inputs(dataset, *source.preprocessor);
  PrefixPrecision result;
  if (inputs.empty()) {
    result.reason = "no example of the sample could be read";
    return result;
  }
  const MeasuredPrecision choice = choose_precision(source.prefix, inputs, options.threads);
  result.chosen = choice.chosen;
  result.min_cosine = choice.min_cosine;
  result.reason = choice.reason;
  const bool faster = choice.bf16_rate > choice.fp32_rate;
  if (judge == PrecisionJudge::loss && faster && choice.min_cosine >= kPlausible) {
    result.chosen = Precision::bf16;
    result.reason = fmt::format("faster: bf16 {:.0f}, fp32 {:.0f} examples/s; lowest cosine {:.6f}", choice.bf16_rate,
                                choice.fp32_rate, choice.min_cosine);
  }
  return result;
}

Json to_json(const PrefixPrecision& precision) {
  Json json{{"chosen", name_of(precision.chosen)}, {"reason", precision.reason}};
  if (precision.min_cosine) json["min_cosine"] = *precision.min_cosine;
  return json;
}

std::optional<PrefixPrecision> remembered(const FeatureCache* cache, std::string_view key) {
  if (cache == nullptr) return std::nullopt;
  const auto note = cache->note(key);
  if (!note) return std::nullopt;
  const Json json = parse_json(*note, "cache note", ErrorKind::disk);
  PrefixPrecision result;
  result.chosen =
      member<std::string>(json, "chosen", "cache note") == name_of(Precision::bf16) ? Precision::bf16 : Precision::fp32;
  result.reason = member<std::string>(json, "reason", "cache note");
  if (json.contains("min_cosine")) result.min_cosine = json["min_cosine"].get<double>();
  return result;
}

PrefixPrecision resolve_auto(const FeatureSource& source, const Dataset& dataset, const ExtractOptions& options,
                             Progress& progress, PrecisionJudge judge) {
  PrefixPrecision result;
  if (!has_bf16()) {
    result.reason = "the processor has no bf16 arithmetic";
    return result;
  }
  if (dataset.size() < kWorthMeasuring) {
    result.reason = fmt::format("fewer than {} {}", kWorthMeasuring, nouns_of(dataset.info().inputs));
    return result;
  }
  FeatureSource fp32 = source;
  fp32.precision = Precision::fp32;
  const std::string key = fmt::format("precision of {} on {} {} with {} threads, by {}", feature_space(fp32).hex(),
                                      dataset.size(), nouns_of(dataset.info().inputs), options.threads,
                                      judge == PrecisionJudge::loss ? "loss" : "features");
  if (auto known = remembered(options.cache.get(), key)) return *known;
  progress.begin("measure precision", 0);
  result = measure(fp32, dataset, options, judge);
  progress.end();
  if (options.cache) options.cache->set_note(key, to_json(result).dump());
  return result;
}

}  // namespace

PrefixPrecision resolve_precision(AskedPrecision requested, const FeatureSource& source, const Dataset& dataset,
                                  const ExtractOptions& options, Progress& progress, PrecisionJudge judge) {
  PrefixPrecision result;
  if (requested == AskedPrecision::automatic) {
    result = resolve_auto(source, dataset, options, progress, judge);
  } else {
    result.chosen = requested == AskedPrecision::bf16 ? Precision::bf16 : Precision::fp32;
    result.reason = "as requested";
  }
  result.requested = requested;
  return result;
}

PrefixPrecision judged(PrefixPrecision provisional, std::optional<double> loss_bf16, std::optional<double> loss_fp32) {
  if (loss_bf16 && loss_fp32) {
    const std::string losses = fmt::format("cross-validated loss {:.4g}, in fp32 {:.4g}", *loss_bf16, *loss_fp32);
    if (*loss_bf16 <= *loss_fp32 * (1 + kLossTolerance)) {
      provisional.reason += "; " + losses;
      return provisional;
    }
    provisional.reason = "bf16 costs accuracy: " + losses;
  } else {
    if (provisional.min_cosine.value_or(0) >= kAgreement) return provisional;
    provisional.reason = fmt::format("bf16 does not agree with fp32, and examples are too few to judge by the loss: {}",
                                     provisional.reason);
  }
  provisional.chosen = Precision::fp32;
  return provisional;
}

}  // namespace enxerto
