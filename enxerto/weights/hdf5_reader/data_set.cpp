#include "enxerto/weights/hdf5_reader/data_set.h"

#include <algorithm>
#include <array>

#include "enxerto/weights/hdf5_reader/attributes.h"

namespace enxerto {
namespace {

constexpr std::array<H5Z_filter_t, 3> kFilters = {H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32};
constexpr std::uint64_t kHighestRatio = 1032;  // of deflate

std::string quoted(const std::string& path) { return "'" + path + "'"; }

void refuse_other_storage(hid_t creation, H5D_layout_t layout, const std::string& path) {
  if (layout == H5D_VIRTUAL) {
    throw Refusal{.found = "has the virtual data set " + quoted(path) + ", whose values are in other files",
                  .expected = "values in the file itself",
                  .tip = "copy them into one file with h5repack, or save the model again with Keras"};
  }
  if (H5Pget_external_count(creation) != 0) {
    throw Refusal{.found = "keeps the values of " + quoted(path) + " in another file (external storage)",
                  .expected = "values in the file itself",
                  .tip = "copy them into one file with h5repack, or save the model again with Keras"};
  }
}

bool has_filters(hid_t creation, const std::string& path) {
  const int count = H5Pget_nfilters(creation);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    std::array<char, 64> name{};
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values, nullptr,
                                               name.size() - 1, name.data(), &config);
    if (std::ranges::find(kFilters, filter) != kFilters.end()) continue;
    throw Refusal{
        .found = "has " + quoted(path) + " packed by the filter " + std::to_string(filter) + " " + name.data(),
        .expected = "no packing, or gzip",
        .tip = "unpack it with `h5repack -f NONE`, or save the model again with Keras"};
  }
  return count > 0;
}

std::vector<std::uint64_t> shape_of(hid_t space, const std::string& path) {
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > kAnswerRankLimit) throw Refusal{.found = "cannot be read: the shape of " + quoted(path)};
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  if (rank > 0) H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
  return {sizes.begin(), sizes.end()};
}

std::uint64_t declared_bytes(const DataSet& set, const std::string& path) {
  std::uint64_t bytes = set.element.bytes;
  bool too_many = false;
  for (const std::uint64_t size : set.shape) too_many |= __builtin_mul_overflow(bytes, size, &bytes);
  if (too_many || bytes > std::uint64_t{1} << 62) {
    throw Refusal{.found = "declares more elements in " + quoted(path) + " than any memory can hold",
                  .expected = "as many as are stored"};
  }
  return bytes;
}

[[noreturn]] void refuse_size(const DataSet& set, std::uint64_t stored, const std::string& path) {
  throw Refusal{.found = "declares " + std::to_string(set.bytes) + " bytes in " + quoted(path) + " and stores " +
                         std::to_string(stored),
                .expected = "as many as are declared",
                .tip = "get the file again; it is truncated, or was closed before it was complete"};
}

/// Chunks that were never written would be made up by the library.
void require_all_chunks(hid_t data_set, hid_t creation, const DataSet& set, const std::string& path) {
  std::vector<hsize_t> chunk(set.shape.size());
  if (H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) < 0)
    throw Refusal{.found = "cannot be read: the chunks of " + quoted(path)};
  std::uint64_t wanted = 1;
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    const std::uint64_t along = chunk[i] == 0 ? 0 : set.shape[i] / chunk[i] + (set.shape[i] % chunk[i] != 0 ? 1 : 0);
    if (__builtin_mul_overflow(wanted, along, &wanted)) wanted = 0;
  }
  const Handle space(H5Dget_space(data_set), quoted(path));
  hsize_t stored = 0;
  if (H5Dget_num_chunks(data_set, space.get(), &stored) < 0 || stored != wanted) {
    throw Refusal{.found = "stores " + std::to_string(stored) + " chunks of " + quoted(path),
                  .expected = std::to_string(wanted),
                  .tip = "get the file again; it is truncated, or was closed before it was complete"};
  }
}

void check_stored(hid_t data_set, hid_t creation, const DataSet& set, const std::string& path) {
  const H5D_layout_t layout = H5Pget_layout(creation);
  const std::uint64_t stored = H5Dget_storage_size(data_set);
  const bool packed = layout == H5D_CHUNKED && has_filters(creation, path);
  if (packed ? set.bytes / kHighestRatio > stored : set.bytes > stored) refuse_size(set, stored, path);
  if (layout == H5D_CHUNKED) require_all_chunks(data_set, creation, set, path);
}

void locate(hid_t data_set, H5D_layout_t layout, DataSet& set, const std::string& path, std::uint64_t file_bytes) {
  set.place = TensorPlace::answer;
  if (layout != H5D_CONTIGUOUS) return;
  const haddr_t offset = H5Dget_offset(data_set);
  if (offset == HADDR_UNDEF || offset > file_bytes || set.bytes > file_bytes - offset) refuse_size(set, 0, path);
  if (set.element.converted) return;
  set.place = TensorPlace::file;
  set.offset = offset;
}

bool says_brain_floats(hid_t data_set, const std::string& path) {
  const TextAttributes attributes = read_attributes(data_set, path);
  return std::ranges::any_of(attributes, [](const auto& attribute) {
    return attribute.first == "dtype" && attribute.second == std::vector<std::string>{"bfloat16"};
  });
}

}  // namespace

std::optional<DataSet> describe_data_set(hid_t data_set, const std::string& path, std::uint64_t file_bytes) {
  const Handle creation(H5Dget_create_plist(data_set), quoted(path));
  const H5D_layout_t layout = H5Pget_layout(creation.get());
  refuse_other_storage(creation.get(), layout, path);
  const Handle type(H5Dget_type(data_set), "the type of " + quoted(path));
  const bool opaque = H5Tget_class(type.get()) == H5T_OPAQUE;
  const auto element = element_type(type.get(), opaque && says_brain_floats(data_set, path));
  const Handle space(H5Dget_space(data_set), "the shape of " + quoted(path));
  if (!element || H5Sget_simple_extent_type(space.get()) == H5S_NULL) return std::nullopt;
  DataSet set{.element = *element, .shape = shape_of(space.get(), path)};
  set.bytes = declared_bytes(set, path);
  set.place = TensorPlace::answer;
  if (set.bytes == 0) return set;
  check_stored(data_set, creation.get(), set, path);
  locate(data_set, layout, set, path, file_bytes);
  return set;
}

void read_data_set(hid_t data_set, const DataSet& set, void* to) try {
  const Handle stored(H5Dget_type(data_set), "a type"), wanted(H5Tcopy(stored.get()), "a type");
  if (set.element.converted && H5Tset_order(wanted.get(), H5T_ORDER_LE) < 0) throw UnpackingFailed{};
  if (H5Dread(data_set, wanted.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0) throw UnpackingFailed{};
} catch (const Refusal&) {
  throw UnpackingFailed{};
}

}  // namespace enxerto
