#include <fmt/format.h>

#include <string>
#include <unordered_map>

#include "enxerto/base/to_size.h"
#include "enxerto/weights/copy_limit.h"
#include "enxerto/weights/pytorch/pickle_machine.h"
#include "enxerto/weights/pytorch/pytorch.h"
#include "enxerto/weights/pytorch/state_dict_in.h"
#include "enxerto/weights/weight_error.h"
#include "enxerto/weights/zip/zip_archive.h"

namespace enxerto {
namespace {

constexpr std::string_view kPickleName = "data.pkl";

bool is_named(std::string_view path, std::string_view name) {
  return path == name || (path.ends_with(name) && path[path.size() - name.size() - 1] == '/');
}

/// Other tools put their models into zip archives too; a file inside tells which.
struct Foreign {
  std::string_view file, is, tip;
};
constexpr Foreign kForeign[] = {
    {"constants.pkl", "is a TorchScript archive", "save its weights: torch.save(torch.jit.load(f).state_dict(), ..)"},
    {"model.weights.npz", "is a Keras model with NumPy arrays", "save it again with model.save('model.keras')"},
    {"serialized_exported_program.json", "is a torch.export program (.pt2)", "save its weights with torch.save"},
    {"[Content_Types].xml", "is an office document", "check the path"},
};

void refuse_foreign(const ZipArchive& archive, std::string_view where) {
  for (const ZipEntry& entry : archive.entries()) {
    for (const Foreign& foreign : kForeign) {
      if (!is_named(entry.name, foreign.file)) continue;
      throw_weights_error(where, {.found = std::string(foreign.is),
                                  .expected = "a state dict as torch.save writes it",
                                  .tip = std::string(foreign.tip)});
    }
  }
}

const ZipEntry& only_pickle(const ZipArchive& archive, std::string_view where) {
  refuse_foreign(archive, where);
  const ZipEntry* found = nullptr;
  std::size_t count = 0;
  for (const ZipEntry& entry : archive.entries()) {
    if (!is_named(entry.name, kPickleName)) continue;
    found = &entry;
    ++count;
  }
  if (count != 1) {
    throw_weights_error(where, {.found = fmt::format("is a zip archive with {} files named data.pkl", count),
                                .expected = "one, as torch.save writes it",
                                .tip = count == 0 ? "unpack it if the weights are inside" : ""});
  }
  return *found;
}

void check_byte_order(ZipArchive& archive, const std::string& folder, std::string_view where) {
  const ZipEntry* const entry = archive.find(folder + "byteorder");
  if (entry == nullptr) return;
  const auto data = archive.read(*entry);
  const std::string_view order(reinterpret_cast<const char*>(data.get()), to_size(entry->size));
  if (order == "little") return;
  throw_weights_error(where, {.found = "was saved with the byte order " + shown(order),
                              .expected = "'little'",
                              .tip = "load and save it again with PyTorch on this machine"});
}

/// Storages by key, each read (and its CRC computed) once.
class ZipStorages {
 public:
  ZipStorages(ZipArchive& archive, std::string folder, std::string_view where)
      : archive_(archive), folder_(std::move(folder)), where_(where) {}

  StoredBytes get(std::string_view key) {
    const std::string name = folder_ + std::string(key);
    if (const auto known = read_.find(name); known != read_.end()) return known->second;
    const ZipEntry* const entry = archive_.find(name);
    if (entry == nullptr) {
      throw_weights_error(where_, {.found = "the storage " + shown(name) + " is missing"});
    }
    return read_[name] = {archive_.read(*entry), entry->size};
  }

 private:
  ZipArchive& archive_;
  std::string folder_;
  std::string_view where_;
  std::unordered_map<std::string, StoredBytes> read_;
};

}  // namespace

WeightFile read_pytorch_zip(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                            std::string_view where) {
  ZipArchive archive(bytes, owner, where);
  const ZipEntry& entry = only_pickle(archive, where);
  const std::string folder(entry.name.substr(0, entry.name.size() - kPickleName.size()));
  check_byte_order(archive, folder, where);
  const auto text = archive.read(entry);
  const Pickle pickle = read_pickle({text.get(), to_size(entry.size)}, where);
  if (pickle.bytes != entry.size) {
    throw_weights_error(where, {.found = "bytes follow the pickle in data.pkl", .expected = "none"});
  }
  ZipStorages storages(archive, folder + "data/", where);
  TensorRebuilder rebuilder([&](std::string_view key) { return storages.get(key); }, copy_limit(bytes.size()), where);
  WeightFile file;
  file.format = "PyTorch zip";
  if (archive.without_checksums())
    file.notes.emplace_back("the file was saved without checksums: damage cannot be detected");
  file.tensors = without_wrapper_prefixes(state_dict_in(*pickle.root, rebuilder, where, file.notes), file.notes);
  return file;
}

}  // namespace enxerto
