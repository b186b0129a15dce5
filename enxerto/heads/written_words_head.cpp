#include "enxerto/heads/written_words_head.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

constexpr std::int64_t kToFloat = 1, kToDouble = 11;  // of ONNX's Cast

/// Writes the comparison down.
class WrittenWords {
 public:
  WrittenWords(const Value& scores, std::int64_t width) : net_("head"), width_(width) {
    const std::string words = net_.input(scores.name, scores.shape, scores.dtype);
    labels_ = net_.input(std::string(kWordLabels), {scores.shape[0], scores.shape[1]}, DType::i64);
    net_.stage(std::string(kHeadStage));
    logarithms_ = net_.add("LogSoftmax", "head.log_softmax", {words}, {{"axis", std::int64_t{-1}}});
    const std::string there = net_.add("GreaterOrEqual", "head.there", {labels_, number(0)});
    counted_ = net_.add("Cast", "head.counted", {there}, {{"to", scores.dtype == DType::f64 ? kToDouble : kToFloat}});
  }

  Blueprint build() && {
    std::vector<std::string> columns{negative(of_labels(), "head.surprise"), sum_of(counted_, "head.count")};
    if (width_ > kWrittenAnswer) columns.push_back(negative(of_all_words(), "head.evenly"));
    const Attributes axis{{"axis", std::int64_t{1}}};
    const std::string logits = net_.add("Concat", std::string(kHeadLogits), columns, axis);
    columns.resize(kWrittenAnswer);
    const std::string answer = net_.add("Concat", std::string(kHeadProbabilities), columns, axis);
    net_.output(logits, std::string(kHeadLogits)).output(answer, std::string(kHeadProbabilities));
    return std::move(net_).finish();
  }

 private:
  std::string number(std::int64_t value) { return net_.constant(Tensor::scalar(value)); }

  std::string sum_of(const std::string& x, const std::string& name) {
    return net_.add("ReduceSum", name, {x, net_.integers({1})}, {{"keepdims", std::int64_t{1}}});
  }

  /// -1 times the sum of x, (batch, words), over the words that count.
  std::string negative(const std::string& x, const std::string& name) {
    return net_.add("Neg", name, {sum_of(net_.add("Mul", name + ".kept", {x, counted_}), name + ".sum")});
  }

  std::string of_labels() {
    const std::string row = net_.add("Max", "head.rows", {labels_, number(0)});
    const std::string column = net_.add("Unsqueeze", "head.column", {row, net_.integers({2})});
    const std::string found =
        net_.add("GatherElements", "head.found", {logarithms_, column}, {{"axis", std::int64_t{2}}});
    return net_.add("Squeeze", "head.of_labels", {found, net_.integers({2})});
  }

  std::string of_all_words() {
    return net_.add("ReduceMean", "head.of_all_words", {logarithms_, net_.integers({2})},
                    {{"keepdims", std::int64_t{0}}});
  }

  GraphBuilder net_;
  std::int64_t width_;
  std::string labels_, logarithms_, counted_;
};

}  // namespace

Blueprint written_words_head(const HeadFeatures& features, std::int64_t width) {
  const Value& value = features.value;
  if (value.shape.size() != 3 || value.shape[2].is_symbolic() || width < kWrittenAnswer || width > kWrittenAnswer + 1)
    throw usage_error("head", fmt::format("'{}': {}", value.name, to_string(value.shape)),
                      "scores of words, (batch, words, vocabulary)", "a network that writes texts");
  return WrittenWords(value, width).build();
}

}  // namespace enxerto
