#include "enxerto/base/error.h"
#include "enxerto/features/row_store.h"
#include "enxerto/features/segment.h"

namespace enxerto {
namespace {

class TemporaryRows final : public RowStore {
 public:
  explicit TemporaryRows(std::size_t row_bytes)
      : writer_(SegmentWriter::temporary(row_bytes)), map_(writer_.descriptor(), row_bytes) {}

  void find(std::span<const Hash128>, std::span<RowPlace> places) const override {
    for (RowPlace& place : places) place = {};
  }
  RowPlace append(std::span<const Hash128>, std::span<const std::byte> rows) override {
    return {.row = writer_.append(rows), .segment = 0, .state = RowPlace::State::found, .fresh = true};
  }
  void finish() override {}
  const std::byte* row(const RowPlace& place) const override {
    if (const std::byte* found = map_.row(place.row)) return found;
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

std::shared_ptr<RowStore> temporary_rows(std::size_t row_bytes) { return std::make_shared<TemporaryRows>(row_bytes); }

}  // namespace enxerto
