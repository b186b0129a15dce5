#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/metrics/verification_scores.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What a task knows whose network answers with a vector of length 1 for each example.
struct VectorFacts {
  TargetSpec target = {};
  HeadSpec head = {};
  LossSpec loss = {};
  std::int64_t width = 0;
  std::vector<std::int64_t> centres =
      {};                                ///< identities by the number of their centre, ascending, where a loss has some
  double false_accept_rate = 0.01;       ///< that is wanted
  std::optional<double> threshold = {};  ///< cosine from which on two are the same; none before it was settled
};

/// What tasks of such networks have in common. The vector of an example in several windows is the mean of theirs,
/// scaled to length 1.
class VectorTask : public Task {
 public:
  explicit VectorTask(VectorFacts facts) : facts_(std::move(facts)) {}

  const TargetSpec& target() const override { return facts_.target; }
  const HeadSpec& head() const override { return facts_.head; }
  const LossSpec& loss() const override { return facts_.loss; }
  std::int64_t width() const override { return facts_.width; }
  TensorMap targets(const Tensor& target, const TensorMap& row) const override;
  TensorMap joined(const TensorMap& windows, std::span<const Field> fields, const Alignment& alignment,
                   const ReadingOptions& options) const override;
  Json record() const override;

  /// Of parts by which nothing can be measured.
  std::vector<std::string> notes(const TaskParts& parts) const override;

 protected:
  const VectorFacts& facts() const { return facts_; }
  VerificationSettings settings() const {
    return {.false_accept_rate = facts_.false_accept_rate, .threshold = facts_.threshold};
  }

  /// The vector of one example. Throws Error{data} where it is of another width.
  std::span<const float> vector_of(const TensorMap& outputs) const;

 private:
  VectorFacts facts_;
};

/// For data and a request. Throws Error{usage} where head and loss do not go together.
VectorFacts vector_facts(const TaskData& data, const TaskRequest& asked, std::string_view task);

/// Of a record. Throws Error{weights} naming `where`.
VectorFacts recorded_vector_facts(const Json& record, std::string_view kind, std::string_view where);

/// For such a head on frozen features: `within_identity_whitening`.
ExactChoice exact_vectors(const HeadSpec& head, const LossSpec& loss);

/// "; 1 % of so few pairs (60) is less than one: .." where a threshold for such a rate of false accepts is set by less
/// than it takes; else "".
std::string too_few_for(double rate, double impostors, std::string_view nouns);

/// Sum of products of two vectors of one width: of length 1, their cosine.
double cosine_of(std::span<const float> a, std::span<const float> b);

}  // namespace enxerto
