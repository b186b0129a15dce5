#pragma once
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "enxerto/base/tensor_map.h"
#include "enxerto/data/dataset.h"
#include "enxerto/files/json.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/tasks/prediction.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Labels, and objects, are named from this probability on where nothing else is asked for.
inline constexpr double kEvenChance = 0.5;

/// `asked` with its output decided: `standard` where it is "auto". Throws Error{usage} where another one than `allowed`
/// is asked for.
HeadSpec decided_head(const HeadSpec& asked, std::string_view standard, std::span<const std::string_view> allowed,
                      std::string_view task);

/// `asked` with its kind decided: `standard` where it is "auto". Throws Error{usage} where the loss wants other targets
/// than the output has.
LossSpec decided_loss(const LossSpec& asked, std::string_view standard, std::string_view output);

/// `solver` where the head is one dense layer and the loss, or what "auto" stands for, is one of `losses` as it is.
ExactChoice exact_choice(const HeadSpec& head, const LossSpec& loss, const ExactSolver& solver,
                         std::initializer_list<std::string_view> losses);

/// Throws Error{usage} where class weights are asked of a head that does not tell one class of several.
void refuse_balanced(bool balanced, std::string_view output);

/// What the member "names" of a task's record says. Throws Error{weights} naming `where`.
TargetSpec recorded_target(const Json& record, std::string_view kind, std::string_view where);

/// [{"label", "probability"}], in this order.
Json scored_json(std::span<const Prediction> found);

/// {"values": {label: value}}, of tasks that answer in numbers.
Json values_json(std::span<const Prediction> found);

/// What differences of such an output are measured by: its largest absolute value, 1 at least.
double largest_magnitude(const Tensor& output);

/// The output "probabilities" of one example as numbers. Throws Error{data} unless there are `width` of them.
std::span<const float> answers_of(const TensorMap& outputs, std::size_t width);

}  // namespace enxerto
