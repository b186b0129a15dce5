#include "enxerto/data/questions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/code_points.h"

namespace enxerto {
namespace {

constexpr std::size_t kListed = 10, kLongestShown = 60;

Tensor shared_bytes(std::shared_ptr<const std::string> text) {
  const auto size = static_cast<std::int64_t>(text->size());
  const auto* bytes = reinterpret_cast<const std::byte*>(text->data());
  return {DType::u8, {size}, std::shared_ptr<const std::byte>(std::move(text), bytes)};
}

/// Where `text` stands nearest to byte `at`; npos where it is not there.
std::size_t nearest_place(std::string_view context, std::string_view text, std::size_t at) {
  const std::size_t behind = context.find(text, std::min(at, context.size()));
  const std::size_t before = context.rfind(text, at);
  if (behind == std::string_view::npos || before == std::string_view::npos)
    return behind == std::string_view::npos ? before : behind;
  return at - before <= behind - at ? before : behind;
}

bool stands_at(std::string_view context, std::size_t at, std::string_view text) {
  return at <= context.size() && context.substr(at).starts_with(text);
}

class QuestionExample final : public Example {
 public:
  QuestionExample(std::string id, std::string group, std::array<Tensor, 2> texts)
      : id_(std::move(id)), group_(std::move(group)), texts_(std::move(texts)) {}

  std::string id() const override { return id_; }
  std::string group() const override { return group_; }
  Field field(std::size_t input) const override { return {.medium = Medium::text, .bytes = texts_.at(input)}; }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }

 private:
  std::string id_, group_;
  std::array<Tensor, 2> texts_;
};

}  // namespace

class QuestionsDataset final : public Dataset {
 public:
  QuestionsDataset(std::shared_ptr<const Questions> questions, bool some_have_none)
      : questions_(std::move(questions)),
        info_{.inputs = {Medium::text, Medium::text},
              .target = {.kind = std::string(kSpanTarget), .names = span_names(some_have_none)}} {}

  std::size_t size() const override { return questions_->size(); }
  const DatasetInfo& info() const override { return info_; }

  std::unique_ptr<Example> get(std::size_t position) const override {
    const Questions::Question& one = questions_->questions_.at(position);
    const Questions::Context& context = questions_->contexts_[one.context];
    const std::shared_ptr<const std::string> text(questions_, &one.text);
    return std::make_unique<QuestionExample>(one.id, context.name,
                                             std::array{shared_bytes(text), shared_bytes(context.text)});
  }

  Tensor target(std::size_t position) const override {
    const Questions::Question& one = questions_->questions_.at(position);
    return one.labelled ? span_target(one.answers) : Tensor();
  }

 private:
  std::shared_ptr<const Questions> questions_;
  DatasetInfo info_;
};

void Questions::Misplaced::add(const std::string& id, std::string_view text) {
  ++count;
  if (first.size() == kListed) return;
  const std::string shown = printable(text.substr(0, kLongestShown));
  first.push_back(text.empty() ? printable(id) : fmt::format("{} '{}'", printable(id), shown));
}

std::string Questions::Misplaced::listed() const {
  return fmt::format("{}{}", fmt::join(first, ", "), count > first.size() ? ", .." : "");
}

std::size_t Questions::add_context(std::string text, const std::string& name) {
  if (const auto known = by_text_.find(text); known != by_text_.end()) return known->second;
  const auto kept = std::make_shared<const std::string>(std::move(text));
  contexts_.push_back({.text = kept, .name = name, .begins = code_point_begins(*kept)});
  by_text_.emplace(*kept, contexts_.size() - 1);
  return contexts_.size() - 1;
}

bool Questions::place(const Context& context, const std::string& id, const GivenAnswer& answer,
                      std::vector<ByteSpan>& into) {
  const std::string_view whole = *context.text, text = answer.text;
  const std::size_t last = context.begins.size() - 1;
  const std::size_t start = to_size(std::max<std::int64_t>(answer.start, 0));
  std::size_t at = context.begins[std::min(start, last)];
  if (text.empty() || whole.find(text) == std::string_view::npos) {
    lost_.add(id, text.empty() ? "(an empty answer)" : text);
    return false;
  }
  if (answer.start < 0 || start > last || !stands_at(whole, at, text)) {
    const bool in_bytes = answer.start >= 0 && stands_at(whole, start, text);
    (in_bytes ? in_bytes_ : moved_).add(id, text);
    at = in_bytes ? start : nearest_place(whole, text, at);
  }
  into.push_back({static_cast<std::int64_t>(at), static_cast<std::int64_t>(at + text.size())});
  return true;
}

void Questions::add(std::size_t context, GivenQuestion question) {
  Question one{.id = std::move(question.id), .context = context, .labelled = question.labelled};
  const std::size_t blank = question.question.find_first_not_of(" \t\r\n\v\f");
  one.text = blank == std::string::npos ? "" : question.question.substr(blank);  // as run_qa.py; contexts stay
  for (const GivenAnswer& answer : question.answers) place(contexts_[context], one.id, answer, one.answers);
  answers_ += question.answers.size();
  if (++ids_[one.id] == 2) repeated_.add(one.id, "");
  if (!question.answers.empty() && one.answers.empty()) {
    ++left_out_;
    return;
  }
  without_answer_ += one.labelled && one.answers.empty() ? 1 : 0;
  questions_.push_back(std::move(one));
}

void Questions::report(const std::string& name, const DataWatch& watch) const {
  const std::string of = fmt::format("of {}", counted(answers_, "answer"));
  const auto say = [&](const Misplaced& found, const std::string& text) {
    if (found.count == 0) return;
    watch.progress.notice(fmt::format("{}: {}", name, text));
    watch.faults.doubt({.where = name, .found = text});
  };
  const auto is = [](std::size_t count) { return count == 1 ? "is" : "are"; };
  if (in_bytes_.count > 0)
    say(in_bytes_, fmt::format("answer_start counts bytes, not characters, {} {}, and is read so (first: {})",
                               in_bytes_.count, of, in_bytes_.first.front()));
  say(moved_,
      fmt::format("{} {} {} not at the answer_start, and {} taken from the nearest place with the same text: {}",
                  moved_.count, of, is(moved_.count), is(moved_.count), moved_.listed()));
  say(lost_,
      fmt::format("{} {} {} not in the context, and left out, with {} that {} no other: {}", lost_.count, of,
                  is(lost_.count), counted(left_out_, "question"), left_out_ == 1 ? "has" : "have", lost_.listed()));
  say(repeated_, fmt::format("{} {} twice or more: {}", counted(repeated_.count, "id"),
                             repeated_.count == 1 ? "appears" : "appear", repeated_.listed()));
}

DatasetPtr Questions::dataset(std::shared_ptr<const Questions> questions, bool some_have_none) {
  return std::make_shared<QuestionsDataset>(std::move(questions), some_have_none);
}

}  // namespace enxerto
