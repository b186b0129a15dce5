#include "enxerto/base/error.h"
#include "enxerto/features/row_store.h"
#include "enxerto/features/segment.h"

namespace enxerto {
namespace {

class TemporaryRows final : public RowStore {
 public:
  explicit TemporaryRows(std::size_t record_bytes)
      : record_bytes_(record_bytes),
        writer_(SegmentWriter::temporary(segment_unit(record_bytes))),
        map_(writer_.descriptor(), segment_unit(record_bytes)) {}

  void find(std::span<const Hash128>, std::span<RowPlace> places) const override {
    for (RowPlace& place : places) place = {};
  }
  std::vector<RowPlace> append(std::span<const Hash128> contents, const NewRecords& records) override {
    const RowPlace first{.row = writer_.append(records.bytes), .state = RowPlace::State::found, .fresh = true};
    return places_from(first, record_bytes_, contents.size(), records);
  }
  void finish() override {}
  std::span<const std::byte> record(const RowPlace& place) const override {
    if (const std::byte* found = map_.units(place.row, place.bytes)) return {found, place.bytes};
    throw disk_error("temporary file of features", "cannot be mapped", "memory for its pages");
  }
  bool is_shared() const override { return false; }

 private:
  std::size_t record_bytes_;
  SegmentWriter writer_;
  SegmentMap map_;
};

}  // namespace

std::vector<RowPlace> places_from(const RowPlace& first, std::size_t record_bytes, std::size_t records,
                                  const NewRecords& added) {
  std::vector<RowPlace> places(records, first);
  std::uint64_t row = first.row;
  for (std::size_t i = 0; i < records; ++i) {
    places[i].row = row;
    places[i].bytes = record_bytes > 0 ? record_bytes : added.lengths[i];
    row += places[i].bytes / segment_unit(record_bytes);
  }
  return places;
}

std::shared_ptr<RowStore> temporary_rows(std::size_t record_bytes) {
  return std::make_shared<TemporaryRows>(record_bytes);
}

}  // namespace enxerto
