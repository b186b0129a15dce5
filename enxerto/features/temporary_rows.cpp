#include "enxerto/base/error.h"
#include "enxerto/features/row_store.h"
#include "enxerto/features/segment.h"

namespace enxerto {
namespace {

class TemporaryRows final : public RowStore {
 public:
  explicit TemporaryRows(std::size_t width)
      : writer_(SegmentWriter::temporary(width)), map_(writer_.descriptor(), width) {}

  void find(std::span<const Hash128>, std::span<RowPlace> places) const override {
    for (RowPlace& place : places) place = {};
  }
  RowPlace append(std::span<const Hash128>, std::span<const float> rows) override {
    return {.row = writer_.append(rows), .segment = 0, .state = RowPlace::State::found, .fresh = true};
  }
  void finish() override {}
  const float* row(const RowPlace& place) const override {
    if (const float* found = map_.row(place.row)) return found;
    throw Error(ErrorKind::disk, {.where = "the temporary file of features",
                                  .found = "cannot be mapped",
                                  .expected = "memory for its pages",
                                  .tip = ""});
  }
  bool is_shared() const override { return false; }

 private:
  SegmentWriter writer_;
  SegmentMap map_;
};

}  // namespace

std::shared_ptr<RowStore> temporary_rows(std::size_t width) { return std::make_shared<TemporaryRows>(width); }

}  // namespace enxerto
