#include <webp/decode.h>
#include <webp/demux.h>

#include <memory>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/exif.h"
#include "enxerto/media/image/format.h"

namespace enxerto::image_format {
namespace {

struct DeleteDemuxer {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, DeleteDemuxer>;

/// The first chunk of that name; empty where there is none. Points into the file.
std::string_view chunk(const Demuxer& demuxer, const char* name) {
  WebPChunkIterator found;
  std::string_view bytes;
  if (WebPDemuxGetChunk(demuxer.get(), name, 1, &found) != 0) {
    bytes = {reinterpret_cast<const char*>(found.chunk.bytes), found.chunk.size};
  }
  WebPDemuxReleaseChunkIterator(&found);
  return bytes;
}

/// Decodes into the frame's rectangle of `image`; false where it is corrupt.
bool decode_frame(const WebPIterator& frame, Image& image) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) return false;
  if (WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &config.input) != VP8_STATUS_OK) return false;
  const bool inside = frame.x_offset >= 0 && frame.y_offset >= 0 &&
                      config.input.width <= image.width - frame.x_offset &&
                      config.input.height <= image.height - frame.y_offset;
  if (!inside) return false;
  const std::size_t stride = to_size(image.width) * 3;
  const std::size_t start = to_size(frame.y_offset) * stride + to_size(frame.x_offset) * 3;
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = image.pixels.data() + start;
  config.output.u.RGBA.stride = static_cast<int>(stride);
  config.output.u.RGBA.size = image.pixels.size() - start;
  const VP8StatusCode status = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
  WebPFreeDecBuffer(&config.output);
  return status == VP8_STATUS_OK;
}

}  // namespace

Decoded decode_webp(const Source& source) {
  const WebPData data{source.data(), source.size()};
  const Demuxer demuxer(WebPDemux(&data));
  if (!demuxer) throw_damaged(source, "WebP", "its chunks do not fit together or end too early");
  Decoded decoded;
  decoded.image = blank(source, WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH),
                        WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT));
  WebPIterator frame;
  const bool whole = WebPDemuxGetFrame(demuxer.get(), 1, &frame) != 0 && decode_frame(frame, decoded.image);
  WebPDemuxReleaseIterator(&frame);
  if (!whole) throw_damaged(source, "WebP", "its pixels cannot be decoded");
  decoded.orientation = orientation_of(chunk(demuxer, "EXIF"), chunk(demuxer, "XMP "));
  return decoded;
}

}  // namespace enxerto::image_format
