#include "enxerto/tasks/identification.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/few_names.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/identities.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/metrics/identification_scores.h"
#include "enxerto/metrics/verification_scores.h"
#include "enxerto/tasks/gallery.h"
#include "enxerto/tasks/settling.h"
#include "enxerto/tasks/vectors.h"

namespace enxerto {
namespace {

const TaskKind& identification_row() {
  static const TaskKind kind = identification_task();
  return kind;
}

/// How many there is an example of.
std::size_t known_of(const Gallery& gallery) {
  return gallery.names.size() - static_cast<std::size_t>(std::ranges::count(gallery.examples, std::size_t{0}));
}

/// Of whom no example could be read.
std::string nobody_of(const Gallery& gallery) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < gallery.names.size(); ++i)
    if (gallery.examples[i] == 0) names.push_back(gallery.names[i]);
  return names.empty() ? "" : fmt::format(" (not {}, of whom nothing could be read)", few_names(names));
}

class Identification final : public VectorTask {
 public:
  Identification(VectorFacts facts, Gallery gallery)
      : VectorTask(std::move(facts)), gallery_(std::move(gallery)), templates_(gallery_.templates()) {}

  const TaskKind& kind() const override { return identification_row(); }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    if (!gallery_.names.empty()) metrics.push_back(std::make_unique<IdentificationScores>(known()));
    metrics.push_back(std::make_unique<VerificationScores>(
        VerificationSettings{.false_accept_rate = facts().false_accept_rate,
                             .known = static_cast<std::int64_t>(facts().target.names.size())}));
    return metrics;
  }

  std::unique_ptr<Settling> settling() const override;
  std::optional<double> decides_from() const override { return facts().threshold; }

  /// The nearest of those who are known, or "unknown" where none is near enough; with more than one asked for, then
  /// the nearest all the same.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    const std::vector<float> scores = scores_of(outputs);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (is_somebody(i)) order.push_back(i);
    if (order.empty()) return {{.label = std::string(kNobodyKnown), .score = 0}};
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    order.resize(std::min(std::max<std::size_t>(options.top_k, 1), order.size()));
    std::vector<Prediction> found;
    const double best = static_cast<double>(scores[order.front()]);
    const bool is_known = best >= options.threshold.value_or(facts().threshold.value_or(0));
    if (!is_known) found.push_back({.label = std::string(kNobodyKnown), .score = best});
    if (!is_known && options.top_k <= 1) return found;
    for (const std::size_t i : order)
      found.push_back(
          {.label = gallery_.names[i], .index = static_cast<std::int64_t>(i), .score = static_cast<double>(scores[i])});
    return found;
  }

  /// Wrong where another is nearest, or nobody near enough, or a stranger is named; the surer, the worse.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const std::vector<float> scores = scores_of(outputs);
    const auto own = static_cast<std::size_t>(identity_of_target(target));
    const bool is_stranger = own >= gallery_.names.size() || !is_somebody(own);
    const auto said = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
    const auto score = static_cast<double>(scores[said]);
    const bool is_known = score >= facts().threshold.value_or(0);
    const bool is_right = is_stranger ? !is_known : is_known && said == own;
    return {.error = is_right ? 0 : std::max(score, 1e-6),
            .truth = is_stranger ? std::string(kNobodyKnown) : gallery_.names[own],
            .predicted = fmt::format("{} {:.3f}", is_known ? gallery_.names[said] : kNobodyKnown, score)};
  }

  std::vector<std::string_view> reading_options() const override { return {"--top", "--threshold"}; }

  Json to_json(std::span<const Prediction> found) const override {
    if (found.empty()) return {{"nearest", Json::array()}};
    Json nearest = Json::array();
    for (const Prediction& one : found)
      if (one.index) nearest.push_back({{"label", one.label}, {"cosine", one.score.value_or(0)}});
    const bool is_known = found.front().index.has_value();
    return {{"label", is_known ? Json(found.front().label) : Json()},
            {"known", is_known},
            {"cosine", found.front().score.value_or(0)},
            {"nearest", std::move(nearest)}};
  }

  TaskWords words() const override {
    return {.purpose = fmt::format("It says which of {} identities an example is of, or that it is of none of them: ",
                                   known_of(gallery_)),
            .use = "a name or \"unknown\", and the cosine",
            .details = "How many strangers are named at which threshold is in report.html.",
            .limits =
                "Who is known can be changed without training: enxerto gallery. Vectors of people are personal "
                "data."};
  }

  Json record() const override {
    Json record = VectorTask::record();
    if (!gallery_.names.empty()) put_gallery(gallery_, record);
    return record;
  }

 private:
  /// Of whom there is an example.
  bool is_somebody(std::size_t name) const { return gallery_.examples[name] > 0; }

  KnownIdentities known() const { return {.vectors = templates_, .threshold = facts().threshold.value_or(0)}; }

  std::vector<float> scores_of(const TensorMap& outputs) const {
    const std::span<const float> vector = vector_of(outputs);
    const auto rows = templates_.as<float>();
    std::vector<float> scores;
    for (std::size_t i = 0; i < gallery_.names.size(); ++i)
      scores.push_back(static_cast<float>(cosine_of(rows.subspan(i * vector.size(), vector.size()), vector)));
    return scores;
  }

  Gallery gallery_;
  Tensor templates_;
};

/// Everybody who was learned from becomes known, and the threshold is the lowest that names no more strangers than is
/// wanted; each is a stranger to the others.
class IdentificationSettling final : public Settling {
 public:
  explicit IdentificationSettling(VectorFacts facts) : facts_(std::move(facts)) {}

  void update(const TensorMap& outputs, const TensorMap& targets) override {
    const auto values = outputs.at(kProbabilities).as<float>();
    const auto numbers = targets.at(kTarget).as<std::int64_t>();
    vectors_.insert(vectors_.end(), values.begin(), values.end());
    numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
  }

  std::shared_ptr<const Task> settled() const override {
    VectorFacts facts = facts_;
    const Gallery gallery = everybody();
    facts.threshold = point(gallery).threshold;
    return std::make_shared<Identification>(std::move(facts), gallery);
  }

  std::string words() const override {
    const Gallery gallery = everybody();
    const OpenSetPoint at = point(gallery);
    return fmt::format(
        "{} known{}, from a cosine of {:.4f} on: {} of the training examples are named to others who do "
        "not know them then ({} wanted){}",
        counted(known_of(gallery), "identity", "identities"), nobody_of(gallery), at.threshold,
        percent(at.false_identifications), percent(facts_.false_accept_rate),
        too_few_for(facts_.false_accept_rate, static_cast<double>(numbers_.size()), "examples"));
  }

 private:
  /// In the order of the data's names, of which one without an example has zeros.
  Gallery everybody() const {
    const std::size_t width = to_size(facts_.width), names = facts_.target.names.size();
    Gallery gallery{.names = facts_.target.names, .examples = std::vector<std::size_t>(names), .width = facts_.width};
    gallery.means.resize(names * width);
    std::vector<double> sums(names * width);
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      const std::size_t own = to_size(numbers_[i]);
      ++gallery.examples.at(own);
      for (std::size_t k = 0; k < width; ++k) sums[own * width + k] += static_cast<double>(vectors_[i * width + k]);
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
      gallery.means[i] =
          static_cast<float>(sums[i] / static_cast<double>(std::max<std::size_t>(gallery.examples[i / width], 1)));
    return gallery;
  }

  OpenSetPoint point(const Gallery& gallery) const {
    const Tensor templates = gallery.templates();
    const auto rows = templates.as<float>();
    const std::size_t width = to_size(facts_.width);
    std::vector<Probe> probes;
    for (std::size_t i = 0; i < numbers_.size(); ++i) {
      Probe probe{.best_other = -1, .stranger = true};
      for (std::size_t k = 0; k < gallery.names.size(); ++k) {
        if (static_cast<std::int64_t>(k) == numbers_[i] || gallery.examples[k] == 0) continue;
        const std::span<const float> vector(vectors_.data() + i * width, width);
        probe.best_other =
            std::max(probe.best_other, static_cast<float>(cosine_of(rows.subspan(k * width, width), vector)));
      }
      probes.push_back(probe);
    }
    return at_false_identification_rate(probes, facts_.false_accept_rate);
  }

  VectorFacts facts_;
  std::vector<float> vectors_;
  std::vector<std::int64_t> numbers_;
};

std::unique_ptr<Settling> Identification::settling() const { return std::make_unique<IdentificationSettling>(facts()); }

}  // namespace

TaskKind identification_task() {
  return {.name = "identification",
          .title = "identification",
          .monitor = "eer",
          .former_names = {},
          .fits = [](const DatasetInfo& info) { return info.target.kind == kClassTarget; },
          .exact_solver = exact_vectors,
          .make = [](const TaskData& data, const TaskRequest& asked) -> TaskPtr {
            refuse_alike_identities(data.dataset.info().target.names, "identities");
            refuse_names_of_nobody(data.dataset.info().target.names);
            return std::make_shared<Identification>(vector_facts(data, asked, identification_row().title), Gallery{});
          },
          .from_record = [](const Json& record, std::string_view where) -> TaskPtr {
            return std::make_shared<Identification>(recorded_vector_facts(record, kClassTarget, where),
                                                    gallery_from_record(record, where));
          },
          .exported = "vectors",
          .decides = true,
          .has_gallery = true};
}

}  // namespace enxerto
