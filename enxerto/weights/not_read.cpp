#include "enxerto/weights/not_read.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/lower_case.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {

std::string_view beginning(std::span<const std::byte> bytes, std::size_t length) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), length)};
}

namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::string_view kExpectedInstead =
    "safetensors, a state dict as torch.save writes it, weights as Keras saves them, GGUF, or a model of Marian";

std::string_view ending(Bytes bytes, std::size_t length) {
  const std::size_t count = std::min(bytes.size(), length);
  return {reinterpret_cast<const char*>(bytes.data()) + bytes.size() - count, count};
}

bool is_web_page(Bytes bytes) {
  std::string text = lower_case(beginning(bytes, 512));
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  return text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<head") ||
         text.starts_with("<?xml") || text.starts_with("<!--");
}

bool is_tar(Bytes bytes) { return beginning(bytes, 262).ends_with("ustar") && bytes.size() >= 262; }

/// A protobuf of TensorFlow or ONNX begins with the number of its format's version.
bool is_saved_model(Bytes bytes) { return beginning(bytes, 3) == "\x08\x01\x12"sv; }
bool is_onnx(Bytes bytes) {
  const std::string_view begin = beginning(bytes, 3);
  return begin.size() == 3 && begin[0] == '\x08' && begin[1] >= 3 && begin[1] <= 20 && begin[2] == '\x12';
}

/// Nodes of a graph come first, each with a name and an operator; that of an input or of a constant is the first.
bool is_frozen_graph(Bytes bytes) {
  const std::string_view begin = beginning(bytes, 256);
  return begin.starts_with('\x0a') && (begin.find("\x12\x0bPlaceholder"sv) != std::string_view::npos ||
                                       begin.find("\x12\x05"
                                                  "Const"sv) != std::string_view::npos);
}

bool is_tflite(Bytes bytes) { return beginning(bytes, 8).ends_with("TFL3") && bytes.size() >= 8; }

/// The index of a checkpoint is a table of LevelDB, which ends with this number.
bool is_checkpoint_index(Bytes bytes) { return ending(bytes, 8) == "\x57\xfb\x80\x8b\x24\x75\x47\xdb"sv; }

constexpr const char* kFromTensorFlow = "load it in TensorFlow or Keras and save it with model.save('model.keras')";

/// What is recognised by more than its first bytes.
struct UnreadKind {
  bool (*is)(Bytes);
  std::string_view is_what, tip;
};
constexpr UnreadKind kKinds[] = {
    {[](Bytes bytes) { return bytes.empty(); }, "is empty", "download it again"},
    {is_web_page, "is a web page (HTML), not weights",
     "open it to see what the server said, then download the file itself"},
    {is_tar, "is a tar archive", "unpack it; if PyTorch before 0.1.12 saved it, load it in PyTorch and save it again"},
    {is_saved_model, "is a TensorFlow SavedModel, a program as well as weights", kFromTensorFlow},
    {is_onnx, "is an ONNX file, a network and not weights for one",
     "name it as the backbone: backbone.name = FILE.onnx"},
    {is_tflite, "is a TensorFlow Lite model", "take the Keras or TensorFlow model that it was made from"},
    {is_checkpoint_index, "is the index of a TensorFlow checkpoint",
     "build the network in Keras, call load_weights on the checkpoint and then save_weights('x.weights.h5')"},
    {is_frozen_graph, "is a frozen TensorFlow graph, a program as well as weights",
     "take the Keras model that it was made from, or convert it to ONNX with tf2onnx"},
};

/// What people have instead of weights, or weights in a format that is not read, by how it begins.
struct Beginning {
  std::string_view magic, is_what, tip;
};
constexpr Beginning kBeginnings[] = {
    {"version https://git-lfs.github.com/spec/"sv, "is a Git LFS pointer, not the file that it points to",
     "run `git lfs pull` in its repository, or download the file itself"},
    {"\x93NUMPY"sv, "is a NumPy array", "save the weights with safetensors.numpy.save_file"},
    {"\x1f\x8b"sv, "is compressed with gzip", "decompress it with gunzip"},
    {"BZh"sv, "is compressed with bzip2", "decompress it with bunzip2"},
    {"\xfd"
     "7zXZ"sv,
     "is compressed with xz", "decompress it with unxz"},
    {"\x80"sv, "is a Python pickle that torch.save did not write", "load it in Python and save it as safetensors"},
};

std::vector<unsigned> first_numbers(Bytes bytes) {
  std::vector<unsigned> numbers;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 8)))
    numbers.push_back(std::to_integer<unsigned>(byte));
  return numbers;
}

WeightFault fault_of(Bytes bytes, std::string_view where) {
  const auto fault = [](std::string_view found, std::string_view tip) {
    return WeightFault{.found = std::string(found), .expected = std::string(kExpectedInstead), .tip = std::string(tip)};
  };
  for (const UnreadKind& kind : kKinds) {
    if (kind.is(bytes)) return fault(kind.is_what, kind.tip);
  }
  for (const Beginning& known : kBeginnings) {
    if (beginning(bytes, known.magic.size()) == known.magic) return fault(known.is_what, known.tip);
  }
  // The values of a checkpoint have no mark of their own.
  if (where.find(".data-0") != std::string_view::npos && where.find("-of-0") != std::string_view::npos) {
    return fault(
        "is part of a TensorFlow checkpoint, judging by its name",
        "build the network in Keras, call load_weights on the checkpoint and then save_weights('x.weights.h5')");
  }
  return fault(fmt::format("is not in a supported format; it begins with the bytes {:02x}",
                           fmt::join(first_numbers(bytes), " ")),
               "check the path and where it came from");
}

}  // namespace

void refuse_unread(Bytes bytes, std::string_view where) { throw_weights_error(where, fault_of(bytes, where)); }

void refuse_saved_model(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* const name : {"saved_model.pb", "saved_model.pbtxt"}) {
    if (!std::filesystem::is_regular_file(path / name, ignored)) continue;
    throw_weights_error(path.string(), {.found = "is a TensorFlow SavedModel, a program as well as weights",
                                        .expected = std::string(kExpectedInstead),
                                        .tip = kFromTensorFlow});
  }
}

}  // namespace enxerto
