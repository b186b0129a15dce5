#include "enxerto/weights/read_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "enxerto/files/read.h"
#include "enxerto/weights/pytorch/pytorch.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/weights/tfjs/tfjs.h"
#include "enxerto/weights/weight_error.h"

namespace enxerto {
namespace {

using Bytes = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::string_view kExpected = "safetensors, or a state dict as torch.save writes it";

std::string_view beginning(Bytes bytes, std::size_t length) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), length)};
}

/// What people have instead of weights, or weights in a format that is not read, by how it begins.
struct Other {
  std::string_view magic, is, tip;
};
constexpr Other kOthers[] = {
    {"version https://git-lfs.github.com/spec/"sv, "is a Git LFS pointer, not the file that it points at",
     "run `git lfs pull` in its repository, or download the file itself"},
    {"\x89HDF\r\n\x1a\n"sv, "is an HDF5 file (Keras), which is not read", "export the weights as safetensors"},
    {"GGUF"sv, "is a GGUF file, which is not read", "get the safetensors file of this network"},
    {"\x93NUMPY"sv, "is a NumPy array", "save the weights with safetensors.numpy.save_file"},
    {"\x1f\x8b"sv, "is packed with gzip", "unpack it with gunzip"},
    {"BZh"sv, "is packed with bzip2", "unpack it with bunzip2"},
    {"\xfd"
     "7zXZ"sv,
     "is packed with xz", "unpack it with unxz"},
    {"\x80"sv, "is a Python pickle that torch.save did not write", "load it in Python and save it as safetensors"},
};

bool is_web_page(Bytes bytes) {
  std::string text(beginning(bytes, 512));
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return std::tolower(letter); });
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  text.erase(0, text.find_first_not_of(" \t\r\n"));
  return text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<head") ||
         text.starts_with("<?xml") || text.starts_with("<!--");
}

bool is_tar(Bytes bytes) { return beginning(bytes, 262).ends_with("ustar") && bytes.size() >= 262; }

std::vector<unsigned> first_numbers(Bytes bytes) {
  std::vector<unsigned> numbers;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 8)))
    numbers.push_back(std::to_integer<unsigned>(byte));
  return numbers;
}

[[noreturn]] void refuse(Bytes bytes, std::string_view where) {
  WeightFault fault{.found = "", .expected = std::string(kExpected), .tip = "check the path and where it came from"};
  if (bytes.empty()) {
    fault.found = "is empty";
    fault.tip = "download it again";
  } else if (is_web_page(bytes)) {
    fault.found = "is a web page (HTML), not weights";
    fault.tip = "open it to see what the server said, then download the file itself";
  } else if (is_tar(bytes)) {
    fault.found = "is a tar archive";
    fault.tip = "unpack it; if PyTorch before 0.1.12 saved it, load it in PyTorch and save it again";
  } else {
    fault.found = fmt::format("is none of the formats that are read; it begins with the bytes {:02x}",
                              fmt::join(first_numbers(bytes), " "));
    for (const Other& other : kOthers) {
      if (!beginning(bytes, other.magic.size()).starts_with(other.magic)) continue;
      fault.found = other.is;
      fault.tip = other.tip;
      break;
    }
  }
  throw_weights_error(where, std::move(fault));
}

WeightFile read_safetensors_file(Bytes bytes, const std::shared_ptr<const void>& owner, std::string_view where) {
  WeightFile file;
  file.format = "safetensors";
  file.tensors = read_safetensors(bytes, owner, where, &file.metadata);
  return file;
}

/// The formats that are read, asked in this order.
struct Format {
  bool (*is)(Bytes);
  WeightFile (*read)(Bytes, const std::shared_ptr<const void>&, std::string_view);
};
constexpr Format kFormats[] = {
    {[](Bytes bytes) { return beginning(bytes, 4) == "PK\x03\x04"sv; }, read_pytorch_zip},
    {looks_like_legacy_pytorch, read_pytorch_legacy},
    {looks_like_safetensors, read_safetensors_file},
};

/// Formats whose file names others beside it, so that its path is needed.
struct Index {
  bool (*is)(Bytes);
  WeightFile (*read)(const std::filesystem::path&);
};
constexpr Index kIndexes[] = {
    {looks_like_tfjs, read_tfjs},
};

}  // namespace

WeightFile read_weights(Bytes bytes, const std::shared_ptr<const void>& owner, std::string_view where) {
  for (const Format& format : kFormats) {
    if (!format.is(bytes)) continue;
    WeightFile file = format.read(bytes, owner, where);
    file.file_bytes = bytes.size();
    for (const auto& entry : file.tensors) file.tensor_bytes += entry.second.byte_size();
    return file;
  }
  refuse(bytes, where);
}

WeightFile read_weights(const std::filesystem::path& path) {
  const MappedFile file(path, ErrorKind::weights);
  for (const Index& index : kIndexes) {
    if (index.is(file.bytes())) return index.read(path);
  }
  return read_weights(file.bytes(), file.share(0), path.string());
}

}  // namespace enxerto
