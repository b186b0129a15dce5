#include "enxerto/data/pieces.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/media/piece.h"

namespace enxerto {
namespace {

/// A piece as it is kept.
struct PieceRow {
  std::size_t whole = 0, number = 0;  ///< of the example, and in it
  std::vector<Field> fields = {};
  std::size_t bytes = 0;
  std::vector<std::uint32_t> tokens = {};
};

class PieceExample final : public Example {
 public:
  PieceExample(std::string id, std::string group, const PieceRow& row)
      : id_(std::move(id)), group_(std::move(group)), row_(row) {}

  std::string id() const override { return id_; }
  Field field(std::size_t input) const override { return row_.fields.at(input); }
  std::optional<FileIdentity> file(std::size_t /*input*/) const override { return std::nullopt; }
  std::string group() const override { return group_; }
  std::size_t whole() const { return row_.whole; }
  std::size_t number() const { return row_.number; }
  bool in_memory() const override { return true; }

 private:
  std::string id_, group_;
  const PieceRow& row_;
};

class PieceDataset final : public Dataset {
 public:
  PieceDataset(DatasetPtr whole, std::vector<PieceRow> rows, std::vector<std::size_t> first)
      : whole_(std::move(whole)), rows_(std::move(rows)), first_(std::move(first)) {
    info_ = {.inputs = whole_->info().inputs, .target = text_target(), .in_order = whole_->size() < kFewestExamples};
    judge_by_frequencies();
  }

  std::size_t size() const override { return rows_.size(); }
  const DatasetInfo& info() const override { return info_; }

  std::unique_ptr<Example> get(std::size_t position) const override {
    const PieceRow& row = rows_.at(position);
    const std::unique_ptr<Example> whole = whole_->get(row.whole);
    const bool cut = first_[row.whole + 1] - first_[row.whole] > 1;
    std::string id = cut ? fmt::format("{}#{}", whole->id(), row.number + 1) : whole->id();
    std::string group = whole->group();
    if (group.empty() && cut && !info_.in_order) group = whole->id();
    return std::make_unique<PieceExample>(std::move(id), std::move(group), row);
  }

  Tensor target(std::size_t position) const override { return targets_.at(position); }

 private:
  void judge_by_frequencies() {
    std::vector<double> surprises;  // by token; at first how often it is there
    double all = 0;
    for (const PieceRow& row : rows_)
      for (const std::uint32_t token : row.tokens) {
        if (token >= surprises.size()) surprises.resize(token + std::size_t{1});
        ++surprises[token];
        ++all;
      }
    for (double& token : surprises) token = -std::log(token / all);
    targets_.reserve(rows_.size());
    for (PieceRow& row : rows_) {
      double surprise = 0;
      for (const std::uint32_t token : row.tokens) surprise += surprises[token];
      targets_.push_back(Tensor::of<float>(
          {3}, {static_cast<float>(row.bytes), static_cast<float>(surprise), static_cast<float>(row.tokens.size())}));
      row.tokens = {};
    }
  }

  DatasetPtr whole_;
  std::vector<PieceRow> rows_;
  std::vector<std::size_t> first_;
  std::vector<Tensor> targets_;
  DatasetInfo info_;
};

}  // namespace

std::vector<std::size_t> pieces_before(const Dataset& dataset, std::span<const std::size_t> positions) {
  using Place = std::pair<std::size_t, std::size_t>;  // of the whole, and in it
  std::map<Place, std::size_t> found_at;
  std::vector<std::optional<Place>> places;
  for (const std::size_t position : positions) {
    const std::unique_ptr<Example> example = dataset.get(position);
    const auto* const piece = dynamic_cast<const PieceExample*>(example.get());
    places.push_back(piece == nullptr ? std::nullopt : std::optional(Place(piece->whole(), piece->number())));
    if (places.back()) found_at.emplace(*places.back(), places.size() - 1);
  }
  std::vector<std::size_t> before(positions.size(), kNothingBefore);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (!places[i] || places[i]->second == 0) continue;
    const auto found = found_at.find({places[i]->first, places[i]->second - 1});
    if (found != found_at.end()) before[i] = found->second;
  }
  return before;
}

Pieces in_pieces(const DatasetPtr& whole, const Preprocessor& preprocessor, Progress& progress) {
  std::vector<PieceRow> rows;
  std::vector<std::size_t> first{0};
  for (std::size_t i = 0; i < whole->size(); ++i) {
    throw_if_cancelled(progress);
    const std::unique_ptr<Example> example = whole->get(i);
    std::size_t number = 0;
    for (Piece& piece : preprocessor.pieces(fields_of(*whole, *example), example->id()))
      rows.push_back({.whole = i,
                      .number = number++,
                      .fields = std::move(piece.fields),
                      .bytes = piece.bytes,
                      .tokens = std::move(piece.tokens)});
    first.push_back(rows.size());
  }
  return {.dataset = std::make_shared<PieceDataset>(whole, std::move(rows), first), .first = first};
}

}  // namespace enxerto
