#include "enxerto/workflow/task_request.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/heads/head_kind.h"

namespace enxerto {

namespace {

std::string kind_of_head(const Recipe& recipe, const TaskKind& kind) {
  return recipe.head.kind == "auto" ? std::string(kind.head) : recipe.head.kind;
}

}  // namespace

void decide_head(Recipe& recipe, const TaskKind& kind, const StateDict& network) {
  const auto takes = [&](std::string_view name) {
    return name == kind.head || (kind.takes_head != nullptr && kind.takes_head(name));
  };
  const std::optional<HeadSpec> there = head_in(network);
  const bool fits = there && takes(there->kind);
  if (recipe.head.kind == "auto") recipe.head.kind = fits ? there->kind : std::string(kind.head);
  if (!takes(recipe.head.kind)) {
    std::vector<std::string_view> names;
    for (const HeadKind& row : head_kinds())
      if (takes(row.name)) names.push_back(row.name);
    throw usage_error("head.kind", fmt::format("'{}' for {}", recipe.head.kind, kind.title),
                      fmt::format("{}", fmt::join(names, " or ")), "leave it out");
  }
  if (!fits || there->kind != recipe.head.kind || !recipe.head.hidden.empty()) return;
  recipe.head.hidden = there->hidden;
  recipe.head.batch_norm = recipe.head.batch_norm || there->batch_norm;
}

HeadSpec bare_head(const Recipe& recipe, const TaskKind& kind) {
  return {.pool = recipe.head.pool,
          .kind = kind_of_head(recipe, kind),
          .features = recipe.head.features,
          .output = std::string(kind.output)};
}

TaskRequest task_request(const Recipe& recipe, const TaskKind& kind) {
  return {.head = {.pool = recipe.head.pool,
                   .hidden = recipe.head.hidden,
                   .activation = recipe.head.activation,
                   .batch_norm = recipe.head.batch_norm,
                   .dropout = recipe.head.dropout,
                   .kind = kind_of_head(recipe, kind),
                   .features = recipe.head.features,
                   .output = recipe.head.output},
          .loss = {.kind = recipe.loss.kind,
                   .label_smoothing = recipe.loss.label_smoothing,
                   .class_weights = {},
                   .focal_gamma = recipe.loss.focal_gamma,
                   .focal_alpha = recipe.loss.focal_alpha,
                   .huber_delta = recipe.loss.huber_delta,
                   .margin = recipe.loss.margin,
                   .scale = recipe.loss.scale},
          .balanced = recipe.head.class_weights == ClassWeights::balanced,
          .mixes = std::ranges::any_of(
              recipe.phases,
              [](const Phase& phase) { return phase.augmentation.mixup > 0 || phase.augmentation.cutmix > 0; }),
          .false_accept_rate = recipe.task.false_accept_rate};
}

}  // namespace enxerto
