#include "enxerto/media/image/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/base/lower_case.h"
#include "enxerto/base/to_size.h"

namespace enxerto::image_format {
namespace {

constexpr std::string_view kReadable = "a JPEG, PNG, WebP, BMP, TIFF, GIF or PNM picture";

/// Something well known that is not read: `mark` stands at `offset`, in any case of letters.
struct Refused {
  std::size_t offset;
  std::string_view mark, name, tip;
};

constexpr std::string_view kConvert = "convert it to JPEG or PNG first";
constexpr std::string_view kNoPicture = "leave it out of the data set";
constexpr std::array kRefused{
    Refused{4, "ftypheic", "a HEIC picture", kConvert},
    Refused{4, "ftypheix", "a HEIC picture", kConvert},
    Refused{4, "ftyphevc", "a HEIC picture", kConvert},
    Refused{4, "ftypheim", "a HEIC picture", kConvert},
    Refused{4, "ftypheis", "a HEIC picture", kConvert},
    Refused{4, "ftypmif1", "a HEIF picture (HEIC or AVIF)", kConvert},
    Refused{4, "ftypmsf1", "a HEIF picture (HEIC or AVIF)", kConvert},
    Refused{4, "ftypavif", "an AVIF picture", kConvert},
    Refused{4, "ftypavis", "an AVIF picture", kConvert},
    Refused{4, "ftyp", "a video", "take single frames out of it first"},
    Refused{4, "jP  ", "a JPEG 2000 picture", kConvert},
    Refused{4, "JXL ", "a JPEG XL picture", kConvert},
    Refused{0, "\xFF\x0A", "a JPEG XL picture", kConvert},
    Refused{0, "8BPS", "a Photoshop picture", kConvert},
    Refused{0, "%PDF", "a PDF document", "export its pages as JPEG or PNG first"},
    Refused{0, "PK\x03\x04", "a zip archive", "unpack it first"},
    Refused{0, "\x1F\x8B", "a gzip archive", "unpack it first"},
    Refused{0, "version https://git-lfs", "a Git LFS pointer, not the picture itself", "fetch it with: git lfs pull"},
    Refused{0, "<svg", "an SVG drawing", "render it as PNG first"},
    Refused{0, "<!doctype html", "an HTML page, not a picture", "download the picture again"},
    Refused{0, "<html", "an HTML page, not a picture", "download the picture again"},
};

bool marked(std::string_view head, const Refused& row) {
  if (head.size() < row.offset + row.mark.size()) return false;
  const auto same = [](char a, char b) { return lower_case(a) == lower_case(b); };
  return std::equal(row.mark.begin(), row.mark.end(), head.begin() + static_cast<std::ptrdiff_t>(row.offset), same);
}

bool is_text(std::string_view head) {
  return std::all_of(head.begin(), head.end(), [](char letter) {
    const auto code = static_cast<unsigned char>(letter);
    // No byte from 0xF8 on is part of UTF-8.
    return (code >= 32 && code != 127 && code < 0xF8) || code == '\n' || code == '\r' || code == '\t';
  });
}

Refused recognised(std::string_view head) {
  if (head.empty()) return {0, "", "an empty file", kNoPicture};
  const std::size_t ink = std::min(head.find_first_not_of(" \t\r\n"), head.size());
  const std::string_view text = head.substr(ink);
  for (const Refused& row : kRefused) {
    if (marked(row.offset == 0 ? text : head, row)) return row;
  }
  if (text.starts_with("<?xml") || text.starts_with("<!--")) {
    if (text.find("<svg") != std::string_view::npos) return {0, "", "an SVG drawing", "render it as PNG first"};
    return {0, "", "an XML document", kNoPicture};
  }
  if (is_text(head)) return {0, "", "a text file", kNoPicture};
  return {0, "", "not a picture in a known format", kNoPicture};
}

}  // namespace

void require_size(const Source& source, std::int64_t width, std::int64_t height) {
  if (width <= 0 || height <= 0 || width > kMaxPixels || height > kMaxPixels / width) {
    throw data_error(std::string(source.where), fmt::format("a picture of {} x {} px", width, height),
                     fmt::format("1 to {} pixels", kMaxPixels),
                     width > 0 && height > 0 ? "make it smaller first" : std::string(kNoPicture));
  }
}

Image blank(const Source& source, std::int64_t width, std::int64_t height) {
  require_size(source, width, height);
  Image image;
  image.width = static_cast<int>(width);
  image.height = static_cast<int>(height);
  image.pixels.resize(to_size(width) * to_size(height) * 3);
  return image;
}

void throw_damaged(const Source& source, std::string_view format, std::string_view detail) {
  throw data_error(std::string(source.where), fmt::format("truncated or corrupt {} ({})", format, detail),
                   "a whole picture", "get the file again or leave it out");
}

void throw_unsupported(const Source& source, std::string_view format, std::string_view kind) {
  throw data_error(std::string(source.where), fmt::format("an unsupported kind of {}: {}", format, kind),
                   std::string(kReadable), "save it again as an ordinary JPEG or PNG");
}

void throw_refused(const Source& source) {
  const std::size_t length = std::min<std::size_t>(source.size(), 1024);
  const Refused found = recognised({reinterpret_cast<const char*>(source.bytes.data()), length});
  throw data_error(std::string(source.where), std::string(found.name), std::string(kReadable), std::string(found.tip));
}

}  // namespace enxerto::image_format
