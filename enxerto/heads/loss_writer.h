#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/graph/builder.h"
#include "enxerto/heads/loss.h"

namespace enxerto {

/// How many units there are, of each example, row or pixel: (batch, width), (batch, rows, width), (batch, width, rows,
/// columns).
std::int64_t width_of_logits(const SymbolicShape& shape);

/// Writes the operators of a loss, of the stage `stage`; nodes are called STAGE.NAME.
class LossWriter {
 public:
  LossWriter(GraphBuilder& net, const LossSpec& spec, const Value& logits, std::string stage);

  const LossSpec& spec() const { return spec_; }
  const std::string& logits() const { return logits_; }
  std::int64_t width() const { return width_; }
  std::int64_t rows() const { return shape_.at(1).size; }  ///< of logits (batch, rows, width)

  /// Declares the input "target", of the logits' shape and type; or (batch) int64; or
  std::string target();
  std::string class_numbers();
  /// The same of (batch, rows, 5): a class and four numbers for each row.
  std::string box_matches();
  /// (batch, width) int64.
  std::string token_numbers();
  /// The input "labels", (batch, longest) int64; and the mask of logits (batch, frames, width), (batch, frames) int64.
  std::string labels();
  std::string mask();
  /// (batch, height, width) int64, by `LossSpec::pixels`.
  std::string pixel_numbers();

  /// A node of one output.
  std::string add(std::string op, std::string_view name, std::vector<std::string> inputs, Attributes attributes = {});

  /// Constants of the logits' type: a scalar, a row.
  std::string number(double value);
  std::string row(std::span<const double> values);
  /// A constant of int64: axes, class numbers.
  std::string integers(const std::vector<std::int64_t>& values);
  std::string integer(std::int64_t value);

  /// x of the logits' type from truths.
  std::string as_numbers(const std::string& truths, std::string_view name);

  /// (batch, width) -> (batch)
  std::string sum_of_rows(const std::string& x, std::string_view name);

  /// Mean of everything: a scalar.
  std::string mean(const std::string& x, std::string_view name);

 private:
  GraphBuilder& net_;
  const LossSpec& spec_;
  std::string stage_, logits_;
  SymbolicShape shape_;
  DType dtype_;
  std::int64_t width_;
};

/// One loss by name.
struct LossKind {
  std::string_view name;
  LossTarget target;
  std::string (*write)(LossWriter& loss);  ///< returns the scalar
  bool compares_examples = false;          ///< of a batch with each other
};

// The rows, one family a file.
std::span<const LossKind> categorical_losses();
std::span<const LossKind> binary_losses();
std::span<const LossKind> regression_losses();
std::span<const LossKind> box_losses();
std::span<const LossKind> token_losses();
std::span<const LossKind> next_token_losses();
std::span<const LossKind> written_words_losses();
std::span<const LossKind> pixel_losses();
std::span<const LossKind> vector_losses();
std::span<const LossKind> ctc_losses();

/// A modulating factor is never taken of less than this: the gradient of a power below 1 has no bound at 0.
inline constexpr double kLeastModulation = 1e-12;

}  // namespace enxerto
