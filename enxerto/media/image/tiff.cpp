#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/format.h"
#include "enxerto/media/image/tiff_pixels.h"

namespace enxerto::image_format {
namespace {

constexpr tmsize_t kMaxOneAllocation = tmsize_t{1} << 30;
constexpr unsigned kMaxSamples = 6;

/// The file in memory, and the first thing that libtiff said about it. Its handlers are per file, never global.
struct File {
  const Source& source;
  std::uint64_t at = 0;
  std::array<char, 200> message{};
  bool palette_lost = false;
};

tmsize_t on_read(thandle_t handle, void* to, tmsize_t count) {
  File& file = *static_cast<File*>(handle);
  const std::uint64_t size = file.source.size();
  const std::uint64_t left = file.at < size ? size - file.at : 0;
  const std::uint64_t step = std::min(left, static_cast<std::uint64_t>(std::max<tmsize_t>(count, 0)));
  if (step > 0) std::memcpy(to, file.source.data() + file.at, step);
  file.at += step;
  return static_cast<tmsize_t>(step);
}

toff_t on_seek(thandle_t handle, toff_t offset, int whence) {
  File& file = *static_cast<File*>(handle);
  const std::uint64_t base = whence == SEEK_CUR ? file.at : (whence == SEEK_END ? file.source.size() : 0);
  file.at = base + offset;
  return file.at;
}

int on_map(thandle_t handle, void** base, toff_t* size) {
  const File& file = *static_cast<File*>(handle);
  // libtiff only reads from the mapping of a file that is opened with "r".
  *base = const_cast<std::uint8_t*>(file.source.data());
  *size = file.source.size();
  return 1;
}

int on_error(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
  File& file = *static_cast<File*>(user);
  if (file.message[0] == '\0') std::vsnprintf(file.message.data(), file.message.size(), format, arguments);
  return 1;
}

// libtiff reads a picture whose palette is cut off as grey, and only warns.
int on_warning(TIFF*, void* user, const char*, const char* format, std::va_list arguments) {
  std::array<char, 200> message{};
  std::vsnprintf(message.data(), message.size(), format, arguments);
  if (std::string_view(message.data()).find("ColorMap") != std::string_view::npos) {
    static_cast<File*>(user)->palette_lost = true;
  }
  return 1;
}

struct CloseTiff {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

Tiff open(File& file) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxOneAllocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &file);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &file);
  return Tiff(TIFFClientOpenExt(
      "picture", "r", &file, on_read, [](thandle_t, void*, tmsize_t) { return tmsize_t{0}; }, on_seek,
      [](thandle_t) { return 0; }, [](thandle_t handle) -> toff_t { return static_cast<File*>(handle)->source.size(); },
      on_map, [](thandle_t, void*, toff_t) {}, options.get()));
}

[[noreturn]] void throw_broken(const File& file, const char* otherwise) {
  throw_damaged(file.source, "TIFF", file.message[0] != '\0' ? file.message.data() : otherwise);
}

template <typename T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, tag, &value) != 0 ? value : otherwise;
}

void read_palette(TIFF* tiff, const File& file, TiffKind& kind) {
  std::uint16_t* red = nullptr;
  std::uint16_t* green = nullptr;
  std::uint16_t* blue = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue) == 0) throw_broken(file, "it has no palette");
  for (std::size_t i = 0; i < std::size_t{1} << kind.bits; ++i) {
    kind.palette[i * 3] = static_cast<std::uint8_t>(red[i] >> 8);
    kind.palette[i * 3 + 1] = static_cast<std::uint8_t>(green[i] >> 8);
    kind.palette[i * 3 + 2] = static_cast<std::uint8_t>(blue[i] >> 8);
  }
}

bool is_premultiplied(TIFF* tiff) {
  std::uint16_t count = 0;
  std::uint16_t* types = nullptr;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &count, &types);
  return count > 0 && types[0] == EXTRASAMPLE_ASSOCALPHA;
}

struct Photometric {
  std::uint16_t tag;
  TiffKind::Color color;
  unsigned samples;
};
constexpr std::array<Photometric, 5> kPhotometric{{{PHOTOMETRIC_MINISWHITE, TiffKind::Color::white_is_zero, 1},
                                                   {PHOTOMETRIC_MINISBLACK, TiffKind::Color::black_is_zero, 1},
                                                   {PHOTOMETRIC_RGB, TiffKind::Color::rgb, 3},
                                                   {PHOTOMETRIC_PALETTE, TiffKind::Color::palette, 1},
                                                   {PHOTOMETRIC_SEPARATED, TiffKind::Color::cmyk, 4}}};

/// What the tags say. Throws Error{data} for a kind that Pillow does not turn into RGB either, and for floating point.
TiffKind kind_of(TIFF* tiff, const File& file, std::uint16_t photometric) {
  TiffKind kind;
  kind.bits = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  kind.samples = field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  const auto format = field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  const auto row = std::find_if(kPhotometric.begin(), kPhotometric.end(),
                                [&](const Photometric& each) { return each.tag == photometric; });
  if (row == kPhotometric.end()) {
    throw_unsupported(file.source, "TIFF", "photometric interpretation " + std::to_string(photometric));
  }
  kind.color = row->color;
  const bool whole = kind.bits == 8 || kind.bits == 16;
  const bool packed = (kind.bits == 1 || kind.bits == 2 || kind.bits == 4) && kind.samples == 1;
  if ((!whole && !packed) || (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_VOID)) {
    throw_unsupported(file.source, "TIFF", std::to_string(kind.bits) + " bits per sample or non-integer samples");
  }
  if (kind.samples < row->samples || kind.samples > kMaxSamples) {
    throw_unsupported(file.source, "TIFF", std::to_string(kind.samples) + " samples per pixel");
  }
  if (kind.color == TiffKind::Color::palette && kind.bits > 8) {
    throw_unsupported(file.source, "TIFF", "a palette of 65,536 colours");
  }
  if (kind.color == TiffKind::Color::palette) read_palette(tiff, file, kind);
  kind.premultiplied = kind.color == TiffKind::Color::rgb && kind.samples > 3 && is_premultiplied(tiff);
  return kind;
}

/// The blocks, strips or tiles, in which the pixels are stored.
struct Blocks {
  bool tiled;
  std::uint32_t width, height;
  std::size_t bytes, row_bytes;
  unsigned planes;  ///< 1 where the samples of a pixel stand together
};

Blocks blocks_of(TIFF* tiff, const File& file, const TiffKind& kind, const Image& image) {
  Blocks blocks{};
  blocks.tiled = TIFFIsTiled(tiff) != 0;
  const auto width = static_cast<std::uint32_t>(image.width), height = static_cast<std::uint32_t>(image.height);
  if (blocks.tiled) {
    blocks.width = field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0);
    blocks.height = field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
  } else {
    blocks.width = width;
    blocks.height = std::min(field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, height), height);
  }
  const bool apart = field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
  blocks.planes = apart ? kind.samples : 1;
  blocks.bytes = to_size(std::max<tmsize_t>(blocks.tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff), 0));
  blocks.row_bytes = to_size(std::max<tmsize_t>(blocks.tiled ? TIFFTileRowSize(tiff) : TIFFScanlineSize(tiff), 0));
  // A tile may stick out of the picture, yet not by so much that it is memory one would have to pay for.
  const std::uint64_t pixels = std::uint64_t{blocks.width} * blocks.height;
  const std::uint64_t limit = 4 * std::uint64_t{width} * height + (1 << 20);
  const std::uint64_t needed = (std::uint64_t{blocks.width} * (kind.samples / blocks.planes) * kind.bits + 7) / 8;
  if (pixels == 0 || pixels > limit || blocks.row_bytes != needed || blocks.bytes < needed * blocks.height) {
    throw_broken(file, "its strips or tiles have sizes that do not fit the picture");
  }
  return blocks;
}

/// Reads block after block into `image`.
class BlockReader {
 public:
  BlockReader(TIFF* tiff, const File& file, const TiffKind& kind, Image& image)
      : tiff_(tiff), file_(file), kind_(kind), image_(image), blocks_(blocks_of(tiff, file, kind, image)) {
    raw_.resize(blocks_.bytes);
    samples_.resize(std::size_t{blocks_.width} * blocks_.height * kind.samples);
  }

  void read() {
    const auto width = static_cast<std::uint32_t>(image_.width), height = static_cast<std::uint32_t>(image_.height);
    for (std::uint32_t y = 0; y < height; y += std::min(blocks_.height, height - y)) {
      for (std::uint32_t x = 0; x < width; x += std::min(blocks_.width, width - x)) {
        read_block(x, y, std::min(blocks_.width, width - x), std::min(blocks_.height, height - y));
      }
    }
  }

 private:
  void read_block(std::uint32_t x, std::uint32_t y, std::size_t columns, std::size_t rows) {
    const std::size_t width = blocks_.width, each = kind_.samples;
    for (unsigned plane = 0; plane < blocks_.planes; ++plane) {
      read_raw(x, y, plane, rows);
      for (std::size_t row = 0; row < rows; ++row) {
        tiff_samples(raw_.data() + row * blocks_.row_bytes, kind_.bits, width * (each / blocks_.planes),
                     samples_.data() + row * width * each + plane, blocks_.planes);
      }
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t to = (y + row) * to_size(image_.width) + x;
      tiff_to_rgb(kind_, samples_.data() + row * width * each, columns, image_.pixels.data() + to * 3);
    }
  }

  void read_raw(std::uint32_t x, std::uint32_t y, unsigned plane, std::size_t rows) {
    const auto sample = static_cast<std::uint16_t>(plane);
    const auto size = static_cast<tmsize_t>(raw_.size());
    const tmsize_t got = blocks_.tiled
                             ? TIFFReadTile(tiff_, raw_.data(), x, y, 0, sample)
                             : TIFFReadEncodedStrip(tiff_, TIFFComputeStrip(tiff_, y, sample), raw_.data(), size);
    if (got < 0 || to_size(got) < rows * blocks_.row_bytes) throw_broken(file_, "the data end too early");
  }

  TIFF* tiff_;
  const File& file_;
  const TiffKind& kind_;
  Image& image_;
  Blocks blocks_;
  std::vector<std::uint8_t> raw_, samples_;
};

/// YCbCr with its subsampling: libtiff turns it into RGB, strip by strip, as it does for Pillow.
void read_ycbcr(TIFF* tiff, const File& file, Image& image) {
  std::array<char, 1024> message{};
  TIFFRGBAImage reader;
  if (TIFFRGBAImageOK(tiff, message.data()) == 0 || TIFFRGBAImageBegin(&reader, tiff, 0, message.data()) == 0) {
    throw_broken(file, message.data());
  }
  const std::unique_ptr<TIFFRGBAImage, void (*)(TIFFRGBAImage*)> guard(&reader, TIFFRGBAImageEnd);
  reader.orientation = reader.req_orientation = ORIENTATION_TOPLEFT;
  const auto width = static_cast<std::uint32_t>(image.width), height = static_cast<std::uint32_t>(image.height);
  const std::uint32_t tag = TIFFIsTiled(tiff) != 0 ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP;
  const std::uint32_t block = std::clamp<std::uint32_t>(field<std::uint32_t>(tiff, tag, height), 1, height);
  std::vector<std::uint32_t> raster(std::size_t{width} * block);
  std::uint8_t* to = image.pixels.data();
  for (std::uint32_t y = 0; y < height; y += std::min(block, height - y)) {
    const std::uint32_t rows = std::min(block, height - y);
    reader.row_offset = static_cast<int>(y);
    if (TIFFRGBAImageGet(&reader, raster.data(), width, rows) == 0) throw_broken(file, "its pixels cannot be decoded");
    for (std::size_t i = 0; i < std::size_t{width} * rows; ++i) {
      *to++ = static_cast<std::uint8_t>(TIFFGetR(raster[i]));
      *to++ = static_cast<std::uint8_t>(TIFFGetG(raster[i]));
      *to++ = static_cast<std::uint8_t>(TIFFGetB(raster[i]));
    }
  }
}

}  // namespace

Decoded decode_tiff(const Source& source) {
  File file{.source = source};
  const Tiff tiff = open(file);
  if (!tiff) throw_broken(file, "its directory cannot be read");
  if (file.palette_lost) throw_broken(file, "its palette cannot be read");
  Decoded decoded;
  decoded.image = blank(source, field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGEWIDTH, 0),
                        field<std::uint32_t>(tiff.get(), TIFFTAG_IMAGELENGTH, 0));
  decoded.orientation = field<std::uint16_t>(tiff.get(), TIFFTAG_ORIENTATION, 1);
  auto photometric = field<std::uint16_t>(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  const auto planes = field<std::uint16_t>(tiff.get(), TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const auto compression = field<std::uint16_t>(tiff.get(), TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG && planes == PLANARCONFIG_CONTIG) {
    TIFFSetField(tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    photometric = PHOTOMETRIC_RGB;
  }
  if (photometric == PHOTOMETRIC_YCBCR && field<std::uint16_t>(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1) == 1) {
    photometric = PHOTOMETRIC_MINISBLACK;
  }
  if (photometric == PHOTOMETRIC_YCBCR) {
    read_ycbcr(tiff.get(), file, decoded.image);
  } else {
    const TiffKind kind = kind_of(tiff.get(), file, photometric);
    BlockReader(tiff.get(), file, kind, decoded.image).read();
  }
  return decoded;
}

}  // namespace enxerto::image_format
