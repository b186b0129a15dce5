#include "enxerto/media/audio/clip.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/ffmpeg_program.h"
#include "enxerto/media/audio/sndfile_library.h"
#include "enxerto/media/audio/soxr_library.h"

namespace enxerto {
namespace {

constexpr int kMostChannels = 64;
constexpr int kLowestOfFiles = 1'000;    // Hz; less is no sound, and an hour of it is months
constexpr std::size_t kBlock = 1 << 14;  // frames that are read at once

/// A file in memory, as libsndfile reads one.
struct MemoryFile {
  std::span<const std::byte> bytes;
  sf_count_t position = 0;
};

sf_count_t length_of(void* user) { return static_cast<sf_count_t>(static_cast<MemoryFile*>(user)->bytes.size()); }

sf_count_t seek_in(sf_count_t offset, int whence, void* user) {
  auto* const file = static_cast<MemoryFile*>(user);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->position : length_of(user);
  file->position = std::clamp<sf_count_t>(from + offset, 0, length_of(user));
  return file->position;
}

sf_count_t read_from(void* to, sf_count_t count, void* user) {
  auto* const file = static_cast<MemoryFile*>(user);
  const sf_count_t given = std::clamp<sf_count_t>(length_of(user) - file->position, 0, count);
  if (given > 0) std::memcpy(to, file->bytes.data() + file->position, static_cast<std::size_t>(given));
  file->position += given;
  return given;
}

sf_count_t position_in(void* user) { return static_cast<MemoryFile*>(user)->position; }

[[noreturn]] void refuse_clip(std::string_view where, std::string found, std::string expected, std::string tip = {}) {
  throw data_error(std::string(where), std::move(found), std::move(expected), std::move(tip));
}

std::uint32_t number_at(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
  return number;
}

/// What the header of a WAV file promises of samples, and what there is: libsndfile reads what is there without a word.
/// Writers that did not know the length leave 0 or the largest number.
void require_whole_wav(std::span<const std::byte> file, std::string_view where) {
  const auto is_at = [&](std::size_t at, const char* tag) { return std::memcmp(file.data() + at, tag, 4) == 0; };
  if (file.size() < 12 || !is_at(0, "RIFF") || !is_at(8, "WAVE")) return;
  constexpr std::uint32_t kUnknown = 0xFFFFFF00;  // and above
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const std::uint32_t size = number_at(file, at + 4);
    const std::size_t there = file.size() - at - 8;
    if (is_at(at, "data")) {
      if (size > there && size < kUnknown)
        refuse_clip(where, fmt::format("{} bytes of samples", there), fmt::format("{}, as its header says", size),
                    "copy the file again: it is truncated");
      return;
    }
    at += 8 + to_size(std::int64_t{size} + size % 2);
  }
}

struct Close {
  void operator()(SNDFILE* file) const { sndfile_library().close(file); }
};

std::string format_name(int format) {
  SF_FORMAT_INFO info{};
  info.format = format & SF_FORMAT_TYPEMASK;
  if (sndfile_library().command(nullptr, SFC_GET_FORMAT_INFO, &info, sizeof info) != 0 || info.name == nullptr)
    return "sound";
  const std::string name = info.name;  // "WAV (Microsoft)", "FLAC (Free Lossless Audio Codec)"
  return name.substr(0, name.find(' '));
}

/// Adds the mean of each frame's channels.
void add_mixed(std::span<const float> frames, std::size_t channels, std::vector<float>& samples) {
  const auto divisor = static_cast<float>(channels);
  for (std::size_t at = 0; at < frames.size(); at += channels) {
    const std::span<const float> frame = frames.subspan(at, channels);
    samples.push_back(channels == 1 ? frame[0] : std::accumulate(frame.begin(), frame.end(), 0.0F) / divisor);
  }
}

/// None where libsndfile does not know what it is.
std::optional<Clip> decode_known(std::span<const std::byte> file, std::string_view where) {
  const SndfileLibrary& library = sndfile_library();
  MemoryFile memory{.bytes = file};
  SF_VIRTUAL_IO access{length_of, seek_in, read_from, nullptr, position_in};
  SF_INFO info{};
  const std::unique_ptr<SNDFILE, Close> opened(library.open_virtual(&access, SFM_READ, &info, &memory));
  if (!opened) return std::nullopt;
  if (info.channels < 1 || info.channels > kMostChannels || info.samplerate < 1)
    refuse_clip(where, fmt::format("{} channels of {} Hz", info.channels, info.samplerate),
                fmt::format("1 to {} channels", kMostChannels));
  if (info.samplerate < kLowestOfFiles)
    refuse_clip(where, fmt::format("{} Hz", info.samplerate), fmt::format("{} Hz or more", kLowestOfFiles),
                "is the header right? No sound is kept at so low a rate");
  if (info.frames == std::numeric_limits<sf_count_t>::max())
    refuse_clip(where, "a file without its end: how long it is cannot be found", "a whole one", "copy it again");
  if (info.frames > kMostFrames)
    refuse_clip(where, fmt::format("{} samples a channel", info.frames), fmt::format("at most {}", kMostFrames),
                "cut the recording into pieces");
  Clip clip{.samples = {}, .rate = info.samplerate, .channels = info.channels, .format = format_name(info.format)};
  const std::size_t channels = to_size(info.channels);
  std::vector<float> block(kBlock * channels);
  while (const sf_count_t got = library.readf_float(opened.get(), block.data(), sf_count_t{kBlock})) {
    add_mixed(std::span(block).first(to_size(got) * channels), channels, clip.samples);
    if (std::cmp_greater(clip.samples.size(), kMostFrames))
      refuse_clip(where, fmt::format("more than {} samples", kMostFrames), "a shorter recording",
                  "cut the recording into pieces");
  }
  if (clip.samples.empty()) refuse_clip(where, "a recording without samples", "at least one");
  const bool estimated = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;  // of MP3 without a header of its length
  if (!estimated && info.frames != SF_COUNT_MAX && std::cmp_less(clip.samples.size(), info.frames))
    refuse_clip(where, fmt::format("{} of {} samples can be decoded", clip.samples.size(), info.frames), "a whole file",
                "copy the file again: it is truncated or damaged");
  const auto bad = std::ranges::find_if_not(clip.samples, [](float sample) { return std::isfinite(sample); });
  if (bad != clip.samples.end())
    refuse_clip(where, fmt::format("sample {} is {}", bad - clip.samples.begin(), *bad), "finite numbers");
  return clip;
}

/// What libsndfile does not know, by FFmpeg where that is there.
Clip decode_foreign(std::span<const std::byte> file, std::string_view where, const char* why) {
  const bool can_ask = has_ffmpeg_program();
  const std::optional<std::vector<std::byte>> wav = can_ask ? wav_by_ffmpeg(file) : std::nullopt;
  if (!wav)
    refuse_clip(where, fmt::format("{} bytes that are not a sound file ({})", file.size(), why),
                fmt::format("WAV, FLAC, OGG, Opus, MP3, AIFF, AU or CAF{}", can_ask ? ", or what FFmpeg reads" : ""),
                can_ask ? "" : "with the program ffmpeg installed M4A, AAC, WMA, AMR and others are read too");
  std::optional<Clip> clip = decode_known(*wav, where);
  if (!clip) refuse_clip(where, "what FFmpeg has made of it is no WAV", "one");
  if (clip->seconds() > kLongestByFfmpeg - 1)
    refuse_clip(where, "an hour or more", "a shorter recording", "cut the recording into pieces");
  clip->format = "by FFmpeg";
  return *std::move(clip);
}

}  // namespace

Clip decode_clip(std::span<const std::byte> file, std::string_view where) {
  require_whole_wav(file, where);
  std::optional<Clip> clip = decode_known(file, where);
  return clip ? *std::move(clip) : decode_foreign(file, where, sndfile_library().strerror(nullptr));
}

std::vector<float> resampled(Clip clip, std::int64_t rate) {
  if (clip.rate == rate) return std::move(clip.samples);
  const SoxrLibrary& library = soxr_library();
  const double ratio = static_cast<double>(rate) / static_cast<double>(clip.rate);
  std::vector<float> out(static_cast<std::size_t>(std::ceil(static_cast<double>(clip.samples.size()) * ratio)));
  const soxr_io_spec_t io = library.io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const soxr_quality_spec_t quality = library.quality_spec(SOXR_HQ, 0);
  std::size_t made = 0;
  const soxr_error_t error =
      library.oneshot(static_cast<double>(clip.rate), static_cast<double>(rate), 1, clip.samples.data(),
                      clip.samples.size(), nullptr, out.data(), out.size(), &made, &io, &quality, nullptr);
  if (error != nullptr)
    throw Error(ErrorKind::other, {.where = "soxr", .found = error, .expected = fmt::format("{} Hz", rate), .tip = ""});
  return out;  // the filter's tail is rounded to nothing where `made` is one less
}

std::vector<std::byte> wav_file(std::span<const std::int16_t> samples, std::int64_t rate) {
  std::vector<std::byte> file;
  const auto text = [&](std::string_view tag) {
    for (const char c : tag) file.push_back(static_cast<std::byte>(c));
  };
  const auto number = [&](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFFU));
  };
  const std::uint64_t bytes = samples.size() * 2;
  constexpr int kHeaderAfterSize = 36;
  text("RIFF"), number(kHeaderAfterSize + bytes, 4), text("WAVEfmt "), number(16, 4);
  number(1, 2), number(1, 2), number(static_cast<std::uint64_t>(rate), 4);  // PCM, one channel
  number(static_cast<std::uint64_t>(rate) * 2, 4), number(2, 2), number(16, 2), text("data"), number(bytes, 4);
  for (const std::int16_t sample : samples) number(static_cast<std::uint16_t>(sample), 2);
  return file;
}

}  // namespace enxerto
