#include "enxerto/features/row_key.h"

namespace enxerto {

RowKeys::RowKeys(const FeatureSource& source) {
  if (source.view < 0) return;
  const Json changes = source.preprocessor->random_changes(source.augmentation);
  // A view that changes nothing is the plain example, whose row may be there.
  if (changes.empty()) return;
  view_ = Hash128Stream()
              .add(std::string_view("view 2"))
              .add(changes.dump())
              .add(source.augment_seed)
              .add(static_cast<std::uint64_t>(source.view))
              .value();
}

Hash128 RowKeys::of(const Hash128& content) const {
  if (!view_ || content == Hash128{}) return content;
  return Hash128Stream().add(*view_).add(content).value();
}

Hash128 row_key(const Hash128& content, const FeatureSource& source) { return RowKeys(source).of(content); }

RandomKey view_key(std::uint64_t seed, std::uint64_t view, const Hash128& content) {
  return {.seed = seed, .epoch = view, .example = content.low, .purpose = "augment"};
}

}  // namespace enxerto
