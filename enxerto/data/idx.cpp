#include "enxerto/data/idx.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/data/array_dataset.h"
#include "enxerto/data/inflate.h"

namespace enxerto {
namespace {

constexpr std::array<const char*, 10> kFashion{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                               "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
constexpr std::uint32_t kLargestSide = 16384;

[[noreturn]] void fail_idx(const std::string& where, std::string found, std::string expected) {
  throw data_error(where, std::move(found), std::move(expected), "download the file again");
}

std::uint32_t big_endian(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  return value;
}

struct Pictures {
  MappedBytes file;
  std::uint32_t count = 0, height = 0, width = 0;
};

Pictures read_pictures(const std::string& path) {
  Pictures pictures;
  pictures.file = map_plain_or_gzip(path, 16, [&](std::span<const std::byte> header) -> std::uint64_t {
    if (big_endian(header, 0) != 0x803)
      fail_idx(path, fmt::format("magic number {:#010x}", big_endian(header, 0)), "0x00000803, pictures of bytes");
    pictures.count = big_endian(header, 4), pictures.height = big_endian(header, 8),
    pictures.width = big_endian(header, 12);
    if (pictures.height - 1 >= kLargestSide || pictures.width - 1 >= kLargestSide)
      fail_idx(path, fmt::format("pictures of {} x {}", pictures.width, pictures.height), "sides from 1 to 16384");
    return 16 + std::uint64_t{pictures.count} * pictures.height * pictures.width;
  });
  return pictures;
}

std::vector<std::uint8_t> read_labels(const std::string& path) {
  const MappedBytes file = map_plain_or_gzip(path, 8, [&](std::span<const std::byte> header) -> std::uint64_t {
    if (big_endian(header, 0) != 0x801)
      fail_idx(path, fmt::format("magic number {:#010x}", big_endian(header, 0)), "0x00000801, labels of bytes");
    return 8 + std::uint64_t{big_endian(header, 4)};
  });
  const auto* labels = reinterpret_cast<const std::uint8_t*>(file.data.get());
  return {labels + 8, labels + file.size};
}

std::vector<std::string> numbered_classes(const std::string& path, std::size_t count) {
  if (count == kFashion.size() && lower_case(path).find("fashion") != std::string::npos)
    return {kFashion.begin(), kFashion.end()};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

/// `train`: the set whose classes hold, null for that set itself.
DatasetPtr open_pair(const std::string& images, const std::string& labels, const Dataset* train) {
  Pictures pictures = read_pictures(images);
  std::vector<std::uint8_t> values = read_labels(labels);
  if (values.size() != pictures.count)
    fail_idx(labels, fmt::format("{} labels for {} pictures", values.size(), pictures.count), "one label per picture");
  if (values.empty()) fail_idx(images, "no pictures", "at least two");
  std::vector<std::string> classes;
  if (train != nullptr) {
    classes = train->info().target.names;
  } else {
    const std::uint8_t highest = *std::ranges::max_element(values);
    classes = numbered_classes(std::filesystem::absolute(images).string(), std::size_t{highest} + 1);
  }
  const std::string file = std::filesystem::path(images).filename().string();
  const RawPixels layout{.width = static_cast<int>(pictures.width),
                         .height = static_cast<int>(pictures.height),
                         .channels = 1,
                         .planar = false};
  ArrayBlock block{.name = file.substr(0, file.find_first_of("-.", file.find("images"))),
                   .samples = {pictures.file.data, pictures.file.data.get() + 16},
                   .stride = std::size_t{pictures.width} * pictures.height,
                   .labels = std::move(values)};
  std::vector<ArrayBlock> blocks;
  blocks.push_back(std::move(block));
  return array_dataset(std::move(blocks), layout, std::move(classes));
}

/// The four files of the family, by any of their usual names; empty names where a file is missing.
struct IdxNames {
  std::string train_images, train_labels, test_images, test_labels;
};

std::string find_file(const std::vector<std::string>& files, const std::string& set, const std::string& kind) {
  const std::string rank = kind == "images" ? "idx3" : "idx1";
  for (const char* between : {"-", "."}) {
    for (const char* end : {"", ".gz"}) {
      const std::string name = set + "-" + kind + between + rank + "-ubyte" + end;
      for (const std::string& path : {name, name + "/" + name}) {
        if (std::find(files.begin(), files.end(), path) != files.end()) return path;
      }
    }
  }
  return "";
}

IdxNames idx_names(const std::vector<std::string>& files) {
  return {.train_images = find_file(files, "train", "images"),
          .train_labels = find_file(files, "train", "labels"),
          .test_images = find_file(files, "t10k", "images"),
          .test_labels = find_file(files, "t10k", "labels")};
}

}  // namespace

bool is_idx_folder(const std::vector<std::string>& files) {
  const IdxNames names = idx_names(files);
  return !names.train_images.empty() || !names.test_images.empty();
}

bool is_idx_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.find("-ubyte") != std::string::npos && name.find("idx3") != std::string::npos &&
         name.find("images") != std::string::npos;
}

DataParts open_idx_folder(const std::string& folder, const std::vector<std::string>& files) {
  const IdxNames names = idx_names(files);
  const auto open = [&](const std::string& images, const std::string& labels, const Dataset* train) -> DatasetPtr {
    if (images.empty()) return nullptr;
    if (labels.empty()) fail_idx(folder, "'" + images + "' without labels", "its file of labels next to it");
    return open_pair(folder + "/" + images, folder + "/" + labels, train);
  };
  const DatasetPtr train = open(names.train_images, names.train_labels, nullptr);
  const DatasetPtr test = open(names.test_images, names.test_labels, train.get());
  DataParts parts{.format = "IDX"};
  if (train != nullptr && test != nullptr)
    parts.train = train, parts.test = test;
  else
    parts.all = train != nullptr ? train : test;
  return parts;
}

DataParts open_idx_file(const std::string& path) {
  const std::filesystem::path file(path);
  std::string name = file.filename().string();
  name.replace(name.find("images"), 6, "labels");
  name.replace(name.find("idx3"), 4, "idx1");
  const std::string plain = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
  const bool packed = std::filesystem::exists(file.parent_path() / (plain + ".gz"));
  const std::filesystem::path labels = file.parent_path() / (packed ? plain + ".gz" : plain);
  DataParts parts{.format = "IDX"};
  parts.all = open_pair(path, labels.string(), nullptr);
  return parts;
}

}  // namespace enxerto
