#include "enxerto/tasks/alphabet.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/transcript_target.h"

namespace enxerto {

Alphabet::Alphabet(std::vector<std::string> texts) : texts_(std::move(texts)) {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const auto label = static_cast<std::int64_t>(i) + 1;
    const Tensor points = transcript_points(texts_[i]);
    if (points.size() == 1) labels_.try_emplace(points.as<std::int64_t>().front(), label);
    if (texts_[i] == " " && space_ < 0) space_ = label;
  }
}

Alphabet Alphabet::of(const Dataset& dataset, std::span<const std::size_t> positions) {
  constexpr std::size_t kMostCharacters = 20'000;
  std::set<std::int64_t> points;
  for (const std::size_t position : positions) {
    const Tensor target = dataset.target(position);
    for (const std::int64_t point : target.as<std::int64_t>()) points.insert(point);
  }
  if (points.empty() || points.size() > kMostCharacters)
    throw data_error("transcripts", fmt::format("{} different characters", points.size()),
                     fmt::format("1 to {}", kMostCharacters));
  std::vector<std::string> texts;
  for (const std::int64_t point : points) texts.push_back(point_text(static_cast<std::uint32_t>(point)));
  return Alphabet(std::move(texts));
}

std::int64_t Alphabet::label_of(std::int64_t point) const {
  const auto found = labels_.find(point);
  return found == labels_.end() ? 0 : found->second;
}

Tensor Alphabet::labels_of(const Tensor& points) const {
  std::vector<std::int64_t> labels;
  for (const std::int64_t point : points.as<std::int64_t>())
    if (const std::int64_t label = label_of(point); label > 0) labels.push_back(label);
  return Tensor::of<std::int64_t>({std::ssize(labels)}, std::span<const std::int64_t>(labels));
}

std::string Alphabet::text_of(std::span<const std::int64_t> labels) const {
  std::string text;
  for (const std::int64_t label : labels) text += texts_.at(to_size(label) - 1);
  return text;
}

std::size_t frames_needed(std::span<const std::int64_t> labels) {
  std::size_t frames = labels.size();
  for (std::size_t i = 1; i < labels.size(); ++i) frames += labels[i] == labels[i - 1] ? 1 : 0;
  return frames;
}

}  // namespace enxerto
