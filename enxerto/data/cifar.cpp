#include "enxerto/data/cifar.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/data/array_dataset.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr RawPixels kLayout{.width = 32, .height = 32, .channels = 3, .planar = true};
constexpr std::size_t kSamples = std::size_t{32} * 32 * 3;

/// What tells the two sets apart.
struct Version {
  const char* format;
  const char* names_file;
  std::size_t classes;
  std::size_t label_bytes;  ///< before the samples of a record; the last is the label
  std::vector<std::string> train;
  const char* test;
};

const std::vector<Version>& versions() {
  static const std::vector<Version> table{
      {"CIFAR-10",
       "batches.meta.txt",
       10,
       1,
       {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
       "test_batch.bin"},
      {"CIFAR-100", "fine_label_names.txt", 100, 2, {"train.bin"}, "test.bin"},
  };
  return table;
}

ArrayBlock open_block(const std::string& folder, const std::string& name, const Version& version) {
  const MappedFile file(folder + "/" + name);
  const std::size_t record = version.label_bytes + kSamples;
  const std::size_t count = file.bytes().size() / record;
  if (count == 0 || file.bytes().size() % record != 0)
    throw data_error(folder + "/" + name, fmt::format("{} bytes", file.bytes().size()),
                     fmt::format("records of {} bytes each", record),
                     "download the file again: it is truncated or another file");
  ArrayBlock block{.name = name.substr(0, name.find('.')),
                   .samples = file.share(version.label_bytes),
                   .stride = record,
                   .labels = std::vector<std::uint8_t>(count)};
  for (std::size_t i = 0; i < count; ++i)
    block.labels[i] = std::to_integer<std::uint8_t>(file.bytes()[i * record + version.label_bytes - 1]);
  return block;
}

std::vector<std::string> read_class_names(const std::string& path, std::size_t count) {
  const std::string text = read_text(path, 1 << 16);
  std::vector<std::string> names;
  for_each_line(text, [&](std::string_view name, std::size_t) {
    if (name.ends_with('\r')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  });
  if (names.size() != count)
    throw data_error(path, fmt::format("{} names", names.size()), fmt::format("{} names, one per line", count));
  return names;
}

DataParts open_version(const std::string& folder, const std::vector<std::string>& files, const Version& version) {
  const auto has = [&](const std::string& name) { return std::find(files.begin(), files.end(), name) != files.end(); };
  std::vector<std::string> names;
  if (has(version.names_file))
    names = read_class_names(folder + "/" + version.names_file, version.classes);
  else
    for (std::size_t i = 0; i < version.classes; ++i) names.push_back(std::to_string(i));
  const auto open = [&](const std::vector<std::string>& wanted) -> DatasetPtr {
    std::vector<ArrayBlock> blocks;
    for (const std::string& name : wanted) {
      if (has(name)) blocks.push_back(open_block(folder, name, version));
    }
    return blocks.empty() ? nullptr : array_dataset(std::move(blocks), kLayout, names);
  };
  const DatasetPtr train = open(version.train), test = open({version.test});
  DataParts parts{.format = version.format};
  if (train != nullptr && test != nullptr)
    parts.train = train, parts.test = test;
  else
    parts.all = train != nullptr ? train : test;
  return parts;
}

bool has(const std::vector<std::string>& files, const std::string& name) {
  return std::find(files.begin(), files.end(), name) != files.end();
}

const Version* version_of(const std::vector<std::string>& files) {
  for (const Version& version : versions()) {
    const bool named = version.classes == 10 || has(files, version.names_file);
    const bool any = has(files, version.test) || std::any_of(version.train.begin(), version.train.end(),
                                                             [&](const auto& name) { return has(files, name); });
    if (named && any) return &version;
  }
  return nullptr;
}

}  // namespace

bool is_cifar_pickles(const std::vector<std::string>& files) {
  return has(files, "data_batch_1") && has(files, "batches.meta");
}

bool is_cifar_folder(const std::vector<std::string>& files) {
  return version_of(files) != nullptr || is_cifar_pickles(files);
}

DataParts open_cifar(const std::string& folder, const std::vector<std::string>& files) {
  if (const Version* version = version_of(files)) return open_version(folder, files, *version);
  throw data_error(folder, "the Python version of CIFAR-10 (pickles)", "its binary version",
                   "download cifar-10-binary.tar.gz instead");
}

}  // namespace enxerto
