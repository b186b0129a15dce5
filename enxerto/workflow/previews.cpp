#include "enxerto/workflow/previews.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/base64.h"
#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/features/contents.h"
#include "enxerto/features/row_key.h"

namespace enxerto {
namespace {

constexpr std::size_t kMistakes = 24, kViews = 7;
constexpr std::size_t kMostBytes = 1'000'000, kMostText = 700;
constexpr int kSide = 96, kDrawnSide = 280;
constexpr std::size_t kBest = 6, kWorstDrawn = 9;

class PreviewMaker {
 public:
  explicit PreviewMaker(const PreviewRequest& request) : request_(request) {}

  Previews make() {
    Previews previews;
    if (request_.task.kind().draws) {
      previews.mistakes = drawn(request_.mistakes.rows(), kWorstDrawn);
      previews.best = drawn(request_.mistakes.best(), kBest);
      previews.augmented = augmented();
      return previews;
    }
    for (const WorstMistakes::Row& row : request_.mistakes.rows()) {
      Previews::Mistake one{.uri = plain(row.position).value_or(""),
                            .id = request_.dataset.get(row.position)->id(),
                            .truth = row.judged.truth,
                            .predicted = row.judged.predicted};
      if (one.uri.empty()) one.text = words_of(row.position);
      if (!one.uri.empty() || !one.text.empty()) previews.mistakes.push_back(std::move(one));
    }
    previews.augmented = augmented();
    previews.samples = samples();
    return previews;
  }

 private:
  /// None where there is nothing to look at, no room any more, or the example cannot be read.
  std::optional<std::string> rendered(std::size_t position, const Augmentation* changes, std::uint64_t number) {
    if (full_) return std::nullopt;
    try {
      const auto example = request_.dataset.get(position);
      const std::vector<Field> fields = fields_of(request_.dataset, *example);
      const std::string id = example->id();
      View view{.where = id, .augment = changes};
      if (changes != nullptr) view.key = view_key(request_.seed, number, content_hash(field_hashes(fields)));
      const std::optional<Preview> preview = request_.preprocessor.preview(fields, view, kSide);
      std::string uri = preview ? fmt::format("data:{};base64,{}", preview->type, to_base64(preview->bytes)) : "";
      full_ = uri.empty() || bytes_ + uri.size() > kMostBytes;
      if (full_) return std::nullopt;
      bytes_ += uri.size();
      return uri;
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  /// A data URI; none where there is no room any more.
  std::optional<std::string> embedded(const Preview& preview) {
    std::string uri = fmt::format("data:{};base64,{}", preview.type, to_base64(preview.bytes));
    full_ = full_ || bytes_ + uri.size() > kMostBytes;
    if (full_) return std::nullopt;
    bytes_ += uri.size();
    return uri;
  }

  /// What is there and what was found, the first `most` of these.
  std::vector<Previews::Mistake> drawn(const std::vector<WorstMistakes::Row>& rows, std::size_t most) {
    std::vector<Previews::Mistake> pairs;
    for (const WorstMistakes::Row& row : rows) {
      if (pairs.size() == most) break;
      try {
        const auto example = request_.dataset.get(row.position);
        const std::vector<Field> fields = fields_of(request_.dataset, *example);
        const std::string id = example->id();
        const auto truth = request_.task.drawn(fields, id, row.judged.wanted, kDrawnSide);
        const auto found = request_.task.drawn(fields, id, row.judged.found, kDrawnSide);
        auto left = truth ? embedded(*truth) : std::nullopt, right = found ? embedded(*found) : std::nullopt;
        if (!left || !right) break;
        pairs.push_back({.uri = *std::move(left),
                         .id = id,
                         .truth = row.judged.truth,
                         .predicted = row.judged.predicted,
                         .drawn = *std::move(right)});
      } catch (const Error&) {  // a report without it is better than none
        continue;
      }
    }
    return pairs;
  }

  std::optional<std::string> plain(std::size_t position) { return rendered(position, nullptr, 0); }

  /// The beginning of what the network reads of an example; "" where that is no words.
  std::string words_of(std::size_t position) const {
    try {
      const auto example = request_.dataset.get(position);
      const auto read = request_.preprocessor.transcript(fields_of(request_.dataset, *example), example->id());
      if (!read || read->text.size() <= kMostText) return read ? read->text : "";
      std::size_t end = kMostText;
      while (end > 0 && (static_cast<unsigned char>(read->text[end]) & 0xC0U) == 0x80U) --end;
      return read->text.substr(0, end) + " ..";
    } catch (const Error&) {
      return "";
    }
  }

  std::vector<std::string> augmented() {
    const auto phase = std::ranges::find_if(request_.phases, [&](const Phase& one) {
      return !request_.preprocessor.random_changes(one.augmentation).empty();
    });
    std::vector<std::string> uris;
    if (phase == request_.phases.end() || request_.training.empty()) return uris;
    const std::size_t position = request_.training.front();
    if (auto uri = plain(position)) uris.push_back(std::move(*uri));
    for (std::uint64_t view = 0; view < kViews; ++view)
      if (auto uri = rendered(position, &phase->augmentation, view)) uris.push_back(std::move(*uri));
    return uris;
  }

  /// A few of each class; of examples without one class, a few of all.
  std::vector<Previews::Samples> samples() {
    const std::vector<std::string>& names = request_.dataset.info().target.names;
    std::vector<Previews::Samples> rows;
    std::vector<std::size_t> row_of(names.size(), SIZE_MAX);
    const std::size_t most = names.size() <= 30 ? 6 : 2;
    for (const std::size_t position : request_.training) {
      const std::int64_t stratum = stratum_of(request_.dataset, position);
      if (stratum < 0) return unnamed_samples();
      std::size_t& row = row_of.at(static_cast<std::size_t>(stratum));
      if (row == SIZE_MAX) {
        row = rows.size();
        rows.push_back({.name = names[static_cast<std::size_t>(stratum)], .uris = {}});
      }
      if (rows[row].uris.size() == most) continue;
      auto uri = plain(position);
      if (!uri) continue;
      rows[row].uris.push_back(std::move(*uri));
    }
    std::erase_if(rows, [](const Previews::Samples& one) { return one.uris.empty(); });
    return rows;
  }

  std::vector<Previews::Samples> unnamed_samples() {
    constexpr std::size_t kFew = 12;
    Previews::Samples row;
    for (const std::size_t position : request_.training) {
      if (row.uris.size() == kFew) break;
      if (auto uri = plain(position)) row.uris.push_back(std::move(*uri));
    }
    return row.uris.empty() ? std::vector<Previews::Samples>{} : std::vector{row};
  }

  const PreviewRequest& request_;
  std::size_t bytes_ = 0;
  bool full_ = false;  // or there is nothing to look at
};

}  // namespace

void WorstMistakes::offer(std::size_t position, const Judged& judged) {
  if (!judged.found.empty() && judged.error < 1) {
    const auto at = std::ranges::upper_bound(best_, judged.error, {}, [](const Row& row) { return row.judged.error; });
    if (best_.size() < kBest || at != best_.end()) best_.insert(at, {position, judged});
    if (best_.size() > kBest) best_.pop_back();
  }
  if (!(judged.error > 0)) return;
  if (rows_.size() == kMistakes && judged.error <= rows_.back().judged.error) return;
  const auto at =
      std::ranges::upper_bound(rows_, judged.error, std::greater<>{}, [](const Row& row) { return row.judged.error; });
  rows_.insert(at, {position, judged});
  if (rows_.size() > kMistakes) rows_.pop_back();
}

void WorstMistakes::add_written(std::size_t position, const std::string& text, const std::string& expected) {
  for (Row& row : rows_) {
    if (row.position != position) continue;
    row.judged.predicted = fmt::format("{} ({})", text, row.judged.predicted);
    if (!expected.empty()) row.judged.truth = expected;
  }
}

Previews make_previews(const PreviewRequest& request) { return PreviewMaker(request).make(); }

}  // namespace enxerto
