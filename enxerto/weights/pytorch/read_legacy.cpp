#include <fmt/format.h>

#include <string>
#include <unordered_map>

#include "enxerto/weights/aligned_bytes.h"
#include "enxerto/weights/byte_cursor.h"
#include "enxerto/weights/copy_limit.h"
#include "enxerto/weights/pytorch/pickle_machine.h"
#include "enxerto/weights/pytorch/pytorch.h"
#include "enxerto/weights/pytorch/state_dict_in.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // 0x1950a86a20f9469cfc6c
constexpr std::int64_t kProtocol = 1001;
constexpr std::size_t kMagicPickleBytes = 64;

bool is_magic(const PickleValue& value) { return value.is(PickleKind::big_integer) && value.text == kMagic; }

/// Where one storage lies and how wide its elements are.
struct LegacyStorage {
  std::uint64_t element_bytes = 0;
  std::uint64_t begin = 0, size = 0;
};

/// The five pickles and the storages behind them, in the file's order.
class LegacyFile {
 public:
  LegacyFile(std::span<const std::byte> bytes, std::string_view where)
      : bytes_(bytes), where_(where), cursor_(bytes, where) {
    if (!is_magic(*next().root)) fail("does not begin with PyTorch's magic number");
    const Pickle protocol = next();
    if (!protocol.root->is(PickleKind::integer) || protocol.root->integer != kProtocol) {
      fail("has a protocol version other than 1001");
    }
    check_system(next());
    object_ = next();
    collect_types();
    locate(next());
  }

  const PickleValue& object() const { return *object_.root; }

  const LegacyStorage& storage(std::string_view key) const {
    const auto at = storages_.find(key);
    if (at == storages_.end() || at->second.begin == 0) fail("has no storage " + shown(key));
    return at->second;
  }

 private:
  [[noreturn]] void fail(std::string found) const {
    throw_weights_error(where_, {.found = std::move(found), .expected = "a file as torch.save wrote it before 1.6"});
  }

  Pickle next() {
    Pickle pickle = read_pickle(bytes_.subspan(cursor_.position()), where_);
    cursor_.take(pickle.bytes);
    return pickle;
  }

  void check_system(const Pickle& system) const {
    for (const auto& [key, value] : system.root->items) {
      if (key->text == "little_endian" && value->integer == 0) fail("was saved on a big-endian machine");
    }
  }

  // How wide the elements of a storage are is said only where the object refers to it.
  void collect_types() {
    for (const PickleValue& value : object_.values) {
      const auto reference = storage_reference(value, where_);
      if (!reference) continue;
      auto& storage = storages_[reference->key];
      if (storage.element_bytes != 0 && storage.element_bytes != reference->width) {
        fail("refers to the storage " + shown(reference->key) + " with two types");
      }
      storage.element_bytes = reference->width;
    }
  }

  void locate(const Pickle& keys) {
    for (const PickleValue* key : keys.root->elements) {
      const auto at = storages_.find(key->text);
      if (!key->is(PickleKind::text) || at == storages_.end()) fail("has a storage that nothing refers to");
      LegacyStorage& storage = at->second;
      if (storage.begin != 0) fail("has the storage " + shown(key->text) + " twice");
      const auto count = cursor_.number<std::uint64_t>();
      if (count > cursor_.left() / storage.element_bytes) {
        fail(fmt::format("is truncated: storage {} has {} elements and {} bytes are left", shown(key->text), count,
                         cursor_.left()));
      }
      storage.begin = cursor_.position();
      storage.size = count * storage.element_bytes;
      cursor_.take(storage.size);
    }
    if (cursor_.left() != 0) fail(fmt::format("has {} bytes after its last storage", cursor_.left()));
  }

  std::span<const std::byte> bytes_;
  std::string_view where_;
  ByteCursor cursor_;
  Pickle object_;
  std::unordered_map<std::string_view, LegacyStorage> storages_;
};

}  // namespace

bool looks_like_legacy_pytorch(std::span<const std::byte> bytes) {
  const std::string_view begin(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kMagicPickleBytes));
  return begin.starts_with('\x80') && begin.find(kMagic) != std::string_view::npos;
}

WeightFile read_pytorch_legacy(const FileSource& file) {
  const LegacyFile legacy(file.bytes, file.where);
  std::unordered_map<std::string_view, StoredBytes> read;
  const StorageSource source = [&](std::string_view key) {
    const LegacyStorage& storage = legacy.storage(key);
    StoredBytes& stored = read[key];
    if (stored.data == nullptr) {
      // Storages begin wherever the pickles end, in three files of four at odd places for floats.
      stored = {aligned_bytes(file, {.begin = storage.begin, .size = storage.size, .width = storage.element_bytes}),
                storage.size};
    }
    return stored;
  };
  TensorRebuilder rebuilder(source, copy_limit(file.bytes.size()), file.where);
  WeightFile weights;
  weights.format = "PyTorch legacy";
  weights.tensors =
      without_wrapper_prefixes(state_dict_in(legacy.object(), rebuilder, file.where, weights.notes), weights.notes);
  return weights;
}

}  // namespace enxerto
