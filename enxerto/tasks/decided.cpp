#include "enxerto/tasks/decided.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// What a head's output compares with.
struct OutputTargets {
  std::string_view output;
  std::array<LossTarget, 2> targets;
};
constexpr std::array<OutputTargets, 11> kOutputTargets{{
    {"softmax", {LossTarget::distribution, LossTarget::class_number}},
    {"sigmoid", {LossTarget::truths, LossTarget::truths}},
    {"multi_label", {LossTarget::truths, LossTarget::truths}},
    {"linear", {LossTarget::values, LossTarget::values}},
    {"unit", {LossTarget::identity, LossTarget::centre}},
    {"span", {LossTarget::tokens, LossTarget::tokens}},
    {"ctc", {LossTarget::sequence, LossTarget::sequence}},
    {"boxes", {LossTarget::boxes, LossTarget::boxes}},
    {"pixels", {LossTarget::pixels, LossTarget::pixels}},
    {"next_token", {LossTarget::own, LossTarget::own}},
    {"written_words", {LossTarget::written, LossTarget::written}},
}};

std::vector<std::string> losses_for(std::string_view output) {
  std::vector<std::string> names;
  const auto* const row = std::ranges::find(kOutputTargets, output, &OutputTargets::output);
  for (const std::string& name : loss_kinds()) {
    if (row != kOutputTargets.end() && std::ranges::find(row->targets, loss_target(name)) != row->targets.end())
      names.push_back(name);
  }
  return names;
}

}  // namespace

HeadSpec decided_head(const HeadSpec& asked, std::string_view standard, std::span<const std::string_view> allowed,
                      std::string_view task) {
  HeadSpec head = asked;
  if (asked.output == "auto") head.output = standard;
  if (std::ranges::find(allowed, head.output) == allowed.end())
    throw usage_error("head.output", fmt::format("'{}' for {}", head.output, task),
                      fmt::format("{}", fmt::join(allowed, " or ")));
  return head;
}

LossSpec decided_loss(const LossSpec& asked, std::string_view standard, std::string_view output) {
  LossSpec loss = asked;
  if (asked.kind == "auto") loss.kind = standard;
  (void)loss_target(loss.kind);
  const std::vector<std::string> names = losses_for(output);
  if (std::ranges::find(names, loss.kind) == names.end())
    throw usage_error("loss.kind", fmt::format("'{}' for the output '{}'", loss.kind, output),
                      fmt::format("{}", fmt::join(names, ", ")));
  return loss;
}

ExactChoice exact_choice(const HeadSpec& head, const LossSpec& loss, const ExactSolver& solver,
                         std::initializer_list<std::string_view> losses) {
  const bool known = loss.kind == "auto" || std::ranges::find(losses, loss.kind) != losses.end();
  const std::pair<bool, std::string> obstacles[] = {
      {!head.hidden.empty(), fmt::format("head.hidden = [{}]", fmt::join(head.hidden, ", "))},
      {head.dropout > 0, fmt::format("head.dropout = {:g}", head.dropout)},
      {!known, fmt::format("loss.kind = \"{}\"", loss.kind)}};
  for (const auto& [there, what] : obstacles)
    if (there) return {.solver = nullptr, .obstacle = what};
  const bool smooth = loss.label_smoothing > 0;
  return {.solver = &solver,
          .obstacle = smooth ? fmt::format("loss.label_smoothing = {:g}", loss.label_smoothing) : std::string()};
}

void refuse_balanced(bool balanced, std::string_view output) {
  if (balanced)
    throw usage_error("head.class_weights", fmt::format("'balanced' with the output '{}'", output),
                      "one class of several");
}

TargetSpec recorded_target(const Json& record, std::string_view kind, std::string_view where) {
  return {.kind = std::string(kind),
          .names = member<std::vector<std::string>>(record, "names", where, ErrorKind::weights)};
}

Json scored_json(std::span<const Prediction> found) {
  Json list = Json::array();
  for (const Prediction& one : found) list.push_back({{"label", one.label}, {"probability", one.score.value_or(0)}});
  return list;
}

Json values_json(std::span<const Prediction> found) {
  Json values = Json::object();
  for (const Prediction& one : found) values[one.label] = *one.value;
  return {{"values", std::move(values)}};
}

double largest_magnitude(const Tensor& output) {
  double largest = 1;
  for (const float value : output.as<float>()) largest = std::max(largest, std::abs(static_cast<double>(value)));
  return largest;
}

std::span<const float> answers_of(const TensorMap& outputs, std::size_t width) {
  const auto answers = outputs.at(kHeadProbabilities).as<float>();
  if (answers.size() != width)
    throw data_error("predictions", fmt::format("{} numbers", answers.size()), fmt::format("{}, one per name", width));
  return answers;
}

}  // namespace enxerto
