#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// Throws Error{usage} where a batch is larger than the training data, naming both, Error{data} where there is none.
void check_batch_size(std::int64_t batch_size, std::size_t training_examples, std::string_view where);

/// Throws Error{data} where validation examples are all of one class: their loss and accuracy would choose the weights
/// that always say this class. Nothing is asked of no examples at all.
void check_validation_labels(std::span<const std::int64_t> labels, std::span<const std::string> classes,
                             std::string_view where);

}  // namespace enxerto
