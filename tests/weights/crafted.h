#pragma once
// GCC 12 warns of "literal" + std::string at -O3: https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wrestrict"
#endif
#include <zlib.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/weights/read_weights.h"

namespace enxerto::crafted {

template <typename T>
std::string number(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

/// One file to put into a zip archive; what is not set is what it should be.
struct ZipFile {
  std::string name, content;
  std::uint32_t wrong_crc = 0;       ///< added to the true one
  std::uint32_t declared_extra = 0;  ///< added to the declared sizes
  bool deflate = false;
  std::uint32_t moved = 0;  ///< added to the offset of the local header
};

inline std::string deflated(const std::string& content) {
  std::string packed(compressBound(content.size()) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  ::deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// A zip archive of these files, byte by byte, so that it can be wrong on purpose.
inline std::string zip(const std::vector<ZipFile>& files) {
  std::string archive, directory;
  for (const ZipFile& file : files) {
    const std::string stored = file.deflate ? deflated(file.content) : file.content;
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(file.content.data()), static_cast<uInt>(file.content.size())));
    const std::string facts =
        number<std::uint16_t>(20) + number<std::uint16_t>(0) + number<std::uint16_t>(file.deflate ? 8 : 0) +
        number<std::uint32_t>(0) + number(crc + file.wrong_crc) +
        number(static_cast<std::uint32_t>(stored.size()) + (file.deflate ? 0 : file.declared_extra)) +
        number(static_cast<std::uint32_t>(file.content.size()) + file.declared_extra) +
        number(static_cast<std::uint16_t>(file.name.size())) + number<std::uint16_t>(0);
    directory += "PK\x01\x02" + number<std::uint16_t>(20) + facts + std::string(10, '\0') +
                 number(static_cast<std::uint32_t>(archive.size()) + file.moved) + file.name;
    archive += "PK\x03\x04" + facts + file.name + stored;
  }
  const auto count = static_cast<std::uint16_t>(files.size());
  const auto offset = static_cast<std::uint32_t>(archive.size());
  return archive + directory + "PK\x05\x06" + number<std::uint32_t>(0) + number(count) + number(count) +
         number(static_cast<std::uint32_t>(directory.size())) + number(offset) + number<std::uint16_t>(0);
}

inline std::string text(const std::string& value) {
  return "X" + number(static_cast<std::uint32_t>(value.size())) + value;
}

inline std::string integer(std::int64_t value) { return std::string("\x8a\x08", 2) + number(value); }

inline std::string tuple(const std::vector<std::int64_t>& values) {
  std::string pickled = "(";
  for (const std::int64_t value : values) pickled += integer(value);
  return pickled + "t";
}

/// What a pickle says about one tensor.
struct PickledTensor {
  std::int64_t stored = 4;  ///< declared elements of its storage
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape{4}, strides{1};
  std::string key = "0";
  std::string storage = "torch\nFloatStorage\n";
  std::string rebuild = "torch._utils\n_rebuild_tensor_v2\n";
};

inline std::string tensor(const PickledTensor& about) {
  return "c" + about.rebuild + "((" + text("storage") + "c" + about.storage + text(about.key) + text("cpu") +
         integer(about.stored) + "tQ" + integer(about.offset) + tuple(about.shape) + tuple(about.strides) + "\x89" +
         "ccollections\nOrderedDict\n)RtR";
}

/// A pickled dict of keys and pickled values in turn, without PROTO and STOP.
inline std::string dict(const std::string& items) { return "}(" + items + "u"; }

inline std::string whole(const std::string& pickled) { return "\x80\x02" + pickled + "."; }

/// Four float32 elements: 1, 2, 3, 4.
inline std::string four_floats() { return number(1.0F) + number(2.0F) + number(3.0F) + number(4.0F); }

/// A PyTorch zip file of a pickle and one storage "0" of four floats.
inline std::string pytorch_zip(const std::string& pickle) {
  return zip({{.name = "a/data.pkl", .content = pickle}, {.name = "a/data/0", .content = four_floats()}});
}

/// The bytes copied into a place of their own, so that a sanitizer sees every step past them.
inline WeightFile read(const std::string& bytes) {
  const auto copy = std::make_shared<const std::vector<char>>(bytes.begin(), bytes.end());
  return read_weights(std::as_bytes(std::span(*copy)), copy, "file");
}

}  // namespace enxerto::crafted
