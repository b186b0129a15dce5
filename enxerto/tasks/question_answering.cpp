#include "enxerto/tasks/question_answering.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/metrics/answer_scores.h"
#include "enxerto/tasks/answer_spans.h"
#include "enxerto/tasks/decided.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 1> kSpanOutputs{"span"};
constexpr std::int64_t kUsualWindow = 384, kUsualStride = 128;  // of transformers' run_qa.py

// What `joined` gives of one question, beside the "answer" and the "context".
constexpr std::string_view kPlaces = "places", kAnswerProbabilities = "answer_probabilities", kChosen = "chosen",
                           kNoAnswer = "no_answer";

const TaskKind& question_answering_row() {
  static const TaskKind kind = question_answering_task();
  return kind;
}

Tensor bytes_of(std::string_view text) {
  return Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)));
}

std::string_view text_of(const Tensor& tensor) {
  return {reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size()};
}

/// Characters before byte `at`.
std::size_t characters_before(const std::vector<std::size_t>& begins, std::size_t at) {
  return static_cast<std::size_t>(std::ranges::lower_bound(begins, at) - begins.begin());
}

class QuestionAnswering final : public Task {
 public:
  QuestionAnswering(TargetSpec target, HeadSpec head, LossSpec loss)
      : target_(std::move(target)), head_(std::move(head)), loss_(std::move(loss)) {}

  const TaskKind& kind() const override { return question_answering_row(); }
  const TargetSpec& target() const override { return target_; }
  const HeadSpec& head() const override { return head_; }
  const LossSpec& loss() const override { return loss_; }
  std::int64_t width() const override { return 2; }  // begin and end

  /// The tokens of a window (`placed_span`).
  TensorMap targets(const Tensor& target, const TensorMap& /*row*/) const override {
    if (target.shape() != Shape{2})
      throw data_error("targets",
                       target.size() == 0 ? "a question of which no answer is known" : to_string(target.shape()),
                       "the first and the last token of the answer in a window",
                       target.size() == 0 ? "leave it out of the training data" : "");
    TensorMap map;
    map.set(std::string(kLossTarget), target);
    return map;
  }

  std::vector<std::unique_ptr<Metric>> metrics() const override {
    std::vector<std::unique_ptr<Metric>> metrics;
    metrics.push_back(std::make_unique<AnswerScores>(may_have_none()));
    return metrics;
  }

  TensorMap joined(const TensorMap& windows, std::span<const Field> fields, const Alignment& alignment,
                   const ReadingOptions& options) const override {
    const std::string_view context = text_in(fields.back());
    const FoundAnswers found = find_answers(
        windows.at(kHeadProbabilities), alignment.map, context, fields.size(),
        {.longest = options.longest_answer, .may_have_none = may_have_none(), .threshold = options.no_answer});
    std::vector<std::int64_t> places;
    std::vector<float> probabilities;
    for (const WeighedAnswer& answer : found.kept) {
      places.insert(places.end(), {answer.place.begin, answer.place.end});
      probabilities.push_back(static_cast<float>(answer.probability));
    }
    const auto count = static_cast<std::int64_t>(found.kept.size());
    TensorMap outputs;
    outputs.set("answer", bytes_of(found.kept[found.chosen].text));
    outputs.set("context", bytes_of(context));
    outputs.set(std::string(kPlaces), Tensor::of<std::int64_t>({count, 2}, std::span<const std::int64_t>(places)));
    outputs.set(std::string(kAnswerProbabilities), Tensor::of<float>({count}, std::span<const float>(probabilities)));
    outputs.set(std::string(kChosen), Tensor::scalar(static_cast<std::int64_t>(found.chosen)));
    if (found.no_answer) outputs.set(std::string(kNoAnswer), Tensor::scalar(*found.no_answer));
    return outputs;
  }

  /// The answer that is given, then the others, the most probable first.
  std::vector<Prediction> read(const TensorMap& outputs, std::span<const Field> /*fields*/,
                               const Alignment& /*alignment*/, const ReadingOptions& options) const override {
    const auto places = outputs.at(kPlaces).as<std::int64_t>();
    const auto chosen = to_size(outputs.at(kChosen).as<std::int64_t>().front());
    std::vector<std::size_t> order{chosen};
    for (std::size_t i = 0; i < places.size() / 2; ++i)
      if (i != chosen) order.push_back(i);
    order.resize(std::min(order.size(), std::max<std::size_t>(options.top_k, 1)));
    const std::string_view context = text_of(outputs.at("context"));
    const std::vector<std::size_t> begins = code_point_begins(context);
    std::vector<Prediction> found;
    for (const std::size_t i : order) {
      Prediction one{.score = static_cast<double>(outputs.at(kAnswerProbabilities).as<float>()[i])};
      const ByteSpan place{places[i * 2], places[i * 2 + 1]};
      one.label = place.begin < 0 ? "empty"
                                  : std::string(context.substr(to_size(place.begin), to_size(place.end - place.begin)));
      if (place.end > place.begin)
        one.place = {characters_before(begins, to_size(place.begin)), characters_before(begins, to_size(place.end))};
      if (found.empty() && outputs.contains(std::string(kNoAnswer)))
        one.value = outputs.at(kNoAnswer).as<double>().front();
      found.push_back(std::move(one));
    }
    return found;
  }

  /// 1 - F1; of equally wrong ones those first that are surer.
  Judged judge(const TensorMap& outputs, const Tensor& target) const override {
    const std::string_view context = text_of(outputs.at("context")), answer = text_of(outputs.at("answer"));
    const std::vector<std::string_view> truths = answers_in(context, target);
    const auto chosen = to_size(outputs.at(kChosen).as<std::int64_t>().front());
    const auto probability = static_cast<double>(outputs.at(kAnswerProbabilities).as<float>()[chosen]);
    const double wrong = 1 - answer_score(answer, truths, may_have_none()).f1;
    std::vector<std::string_view> different;
    for (const std::string_view truth : truths)
      if (std::ranges::find(different, truth) == different.end()) different.push_back(truth);
    return {.error = wrong > 0 ? wrong + probability / 1e3 : 0,
            .truth = truths.empty() ? "no answer" : fmt::format("{}", fmt::join(different, " | ")),
            .predicted = fmt::format("{} {}", answer.empty() ? "no answer" : answer, percent(probability))};
  }

  std::vector<std::string_view> reading_options() const override {
    if (may_have_none()) return {"--top", "--max-answer-length", "--no-answer-threshold"};
    return {"--top", "--max-answer-length"};
  }

  /// The largest logit, those of padding left out.
  double scale_of(const Tensor& output) const override {
    double largest = 1;
    for (const float value : output.as<float>())
      if (value > -kFarBelow / 2) largest = std::max(largest, std::abs(static_cast<double>(value)));
    return largest;
  }

  Json to_json(std::span<const Prediction> found) const override {
    Json top = Json::array();
    for (const Prediction& one : found) {
      Json answer{{"answer", one.label}, {"probability", *one.score}};
      if (one.place) answer.update(Json{{"start", (*one.place)[0]}, {"end", (*one.place)[1]}});
      top.push_back(std::move(answer));
    }
    if (found.empty()) return {{"top", std::move(top)}};
    Json answer = top.front();
    if (found.front().value) answer["no_answer_score"] = *found.front().value;
    answer["top"] = std::move(top);
    return answer;
  }

  TaskWords words() const override {
    return {.purpose = "It answers a question with a passage of the text that is given with it. Kinds of answers: ",
            .use = "the answer, its probability, and where it begins and ends in the text, in characters",
            .details = "F1 and exact match are those of SQuAD's evaluation script.",
            .limits = may_have_none() ? "It answers from the text alone, and says where it finds no answer in it."
                                      : "It always answers with a passage of the text, even where none answers."};
  }

  Json record() const override { return {{"names", target_.names}}; }

 private:
  bool may_have_none() const { return target_.names == span_names(true); }

  TargetSpec target_;
  HeadSpec head_;
  LossSpec loss_;
};

bool fits_questions(const DatasetInfo& info) {
  return info.target.kind == kSpanTarget && info.inputs == std::vector{Medium::text, Medium::text};
}

TaskPtr make_question_answering(const TaskData& data, const TaskRequest& asked) {
  HeadSpec head = decided_head(asked.head, "span", kSpanOutputs, question_answering_row().title);
  LossSpec loss = decided_loss(asked.loss, "span_cross_entropy", head.output);
  refuse_balanced(asked.balanced, head.output);
  return std::make_shared<QuestionAnswering>(data.dataset.info().target, std::move(head), std::move(loss));
}

TaskPtr question_answering_from_record(const Json& record, std::string_view where) {
  return std::make_shared<QuestionAnswering>(recorded_target(record, kSpanTarget, where), HeadSpec{}, LossSpec{});
}

/// Windows as those of run_qa.py, shorter where the network has not so many positions; the question is in each.
Json question_windows(const Json& record) {
  if (record.value("kind", "") != "text") return Json::object();
  const std::int64_t positions = record.value("positions", std::int64_t{0});
  const std::int64_t window = positions > 0 ? std::min(kUsualWindow, positions) : kUsualWindow;
  return {{"max_length", window},
          {"truncation", "only_second"},
          {"truncation_side", "right"},
          {"stride", std::min(kUsualStride, window / 3)}};
}

}  // namespace

TaskKind question_answering_task() {
  return {.name = "question_answering",
          .title = "question answering",
          .monitor = "token_f1",
          .former_names = {},
          .fits = fits_questions,
          .exact_solver =
              [](const HeadSpec&, const LossSpec&) {
                return ExactChoice{.solver = nullptr, .obstacle = "head.pool = \"none\""};
              },
          .make = make_question_answering,
          .from_record = question_answering_from_record,
          .exported = "span_logits",
          .pool = "none",
          .input = question_windows};
}

}  // namespace enxerto
