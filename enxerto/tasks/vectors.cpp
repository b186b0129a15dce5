#include "enxerto/tasks/vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/identity_whitening.h"
#include "enxerto/metrics/cosine.h"
#include "enxerto/tasks/decided.h"
#include "enxerto/tasks/task_parts.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 1> kVectorOutputs{"unit"};

/// Units of the last layer: as many as features enter it.
std::int64_t width_before(const HeadSpec& head, const HeadFeatures& features) {
  for (const ParameterSpec& parameter : head_network(head, features, 1).parameters)
    if (parameter.name == "head.weight") return parameter.shape.back();
  return 1;
}

/// Of these examples, ascending.
std::vector<std::int64_t> identities_of(const Dataset& dataset, std::span<const std::size_t> positions) {
  std::vector<std::int64_t> identities;
  for (const std::size_t position : positions)
    if (const std::int64_t identity = identity_of_target(dataset.target(position)); identity >= 0)
      identities.push_back(identity);
  std::ranges::sort(identities);
  const auto again = std::ranges::unique(identities);
  identities.erase(again.begin(), again.end());
  return identities;
}

/// Of a list of pairs, where a pair is listed by its files and not by who they are.
bool has_listed_pairs(const Dataset& dataset, std::span<const std::size_t> positions) {
  return std::ranges::any_of(positions, [&](std::size_t position) { return dataset.target(position).size() > 3; });
}

/// Why little can be measured by a part; "" where much can.
std::string note_of_identities(const Dataset& dataset, std::string_view part, std::span<const std::size_t> positions) {
  if (positions.empty() || has_listed_pairs(dataset, positions)) return "";
  const std::vector<std::int64_t> identities = identities_of(dataset, positions);
  if (identities.size() > 1) return "";
  const std::string name = printable(dataset.get(positions.front())->group());
  return fmt::format(
      "the {} part has {} identity{}: with nobody to tell it from, no error rate can be measured by it; take a "
      "larger share (data.test_split), another seed, or a part with two identities or more of two examples each",
      part, identities.empty() ? "no" : "one", name.empty() ? "" : fmt::format(", {}", name));
}

}  // namespace

TensorMap VectorTask::targets(const Tensor& target, const TensorMap& /*row*/) const {
  if (target.size() == 0)
    throw data_error("targets", "an example without an identity", "a name for each example that is learned from");
  const std::int64_t identity = identity_of_target(target);
  const auto place = std::ranges::lower_bound(facts_.centres, identity);
  const bool has_centre = place != facts_.centres.end() && *place == identity;
  const auto behind = static_cast<std::int64_t>(facts_.centres.size());  // the number of no centre, but still its own
  TensorMap map;
  map.set(std::string(kLossTarget), Tensor::scalar(facts_.centres.empty() ? identity
                                                   : has_centre           ? place - facts_.centres.begin()
                                                                          : behind + identity));
  return map;
}

TensorMap VectorTask::joined(const TensorMap& windows, std::span<const Field> fields, const Alignment& alignment,
                             const ReadingOptions& options) const {
  TensorMap mean = Task::joined(windows, fields, alignment, options);
  TensorMap unit;
  for (const auto& [name, vector] : mean) {
    const auto values = vector.as<float>();
    const double length = std::sqrt(cosine_of(values, values));
    TensorBuffer buffer(DType::f32, vector.shape());
    for (std::size_t i = 0; i < values.size(); ++i)
      buffer.as<float>()[i] = static_cast<float>(static_cast<double>(values[i]) / (length > 0 ? length : 1));
    unit.set(name, std::move(buffer).freeze());
  }
  return unit;
}

Json VectorTask::record() const {
  Json record{{"names", facts_.target.names}, {"width", facts_.width}, {"false_accept_rate", facts_.false_accept_rate}};
  if (facts_.threshold) record["threshold"] = *facts_.threshold;
  return record;
}

std::vector<std::string> VectorTask::notes(const TaskParts& parts) const {
  std::vector<std::string> notes;
  for (const auto& [name, positions] : {std::pair(std::string_view("validation"), std::span(parts.validation)),
                                        std::pair(std::string_view("test"), std::span(parts.test))})
    if (const std::string note = note_of_identities(parts.dataset, name, positions); !note.empty())
      notes.push_back(note);
  return notes;
}

std::span<const float> VectorTask::vector_of(const TensorMap& outputs) const {
  const auto values = outputs.at(kHeadProbabilities).as<float>();
  if (static_cast<std::int64_t>(values.size()) != facts_.width)
    throw data_error("predictions", fmt::format("{} numbers", values.size()),
                     fmt::format("a vector of {}", facts_.width));
  return values;
}

VectorFacts vector_facts(const TaskData& data, const TaskRequest& asked, std::string_view task) {
  VectorFacts facts;
  facts.target = data.dataset.info().target;
  facts.head = decided_head(asked.head, kVectorOutputs.front(), kVectorOutputs, task);
  facts.false_accept_rate = asked.false_accept_rate;
  facts.loss = decided_loss(asked.loss, "triplet", facts.head.output);
  refuse_balanced(asked.balanced, facts.head.output);
  if (asked.mixes)
    throw usage_error("augmentation", "mixup or cutmix, where examples are of one identity each",
                      "another augmentation");
  if (loss_target(facts.loss.kind) == LossTarget::centre) {
    facts.centres = identities_of(data.dataset, data.training);
    facts.head.centres = static_cast<std::int64_t>(facts.centres.size());
  }
  facts.width = data.features == nullptr ? 1 : width_before(facts.head, *data.features);
  return facts;
}

VectorFacts recorded_vector_facts(const Json& record, std::string_view kind, std::string_view where) {
  // One after another: GCC 12 destroys members of an aggregate twice where one of its initialisers throws.
  VectorFacts facts;
  facts.target = recorded_target(record, kind, where);
  facts.width = member<std::int64_t>(record, "width", where, ErrorKind::weights);
  facts.false_accept_rate = member<double>(record, "false_accept_rate", where, ErrorKind::weights);
  if (record.contains("threshold")) facts.threshold = member<double>(record, "threshold", where, ErrorKind::weights);
  constexpr std::int64_t kWidest = std::int64_t{1} << 24;
  if (facts.width < 1 || facts.width > kWidest)
    throw weights_error(std::string(where), fmt::format("vectors of {} numbers", facts.width),
                        fmt::format("1 to {}", kWidest));
  return facts;
}

ExactChoice exact_vectors(const HeadSpec& head, const LossSpec& loss) {
  return exact_choice(head, loss, identity_whitening_solver(), {"triplet"});
}

std::string too_few_for(double rate, double impostors, std::string_view nouns) {
  if (rate * impostors >= 1) return "";
  return fmt::format("; {:g} % of so few {} ({:.0f}) is less than one: take a threshold by more of your own",
                     rate * 100, nouns, impostors);
}

double cosine_of(std::span<const float> a, std::span<const float> b) {
  return static_cast<double>(dot_product(a.data(), b.data(), std::min(a.size(), b.size())));
}

}  // namespace enxerto
