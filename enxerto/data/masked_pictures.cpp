#include "enxerto/data/masked_pictures.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/mask_classes.h"
#include "enxerto/data/mask_runs.h"
#include "enxerto/data/mask_target.h"
#include "enxerto/data/readable_size.h"
#include "enxerto/files/read.h"
#include "enxerto/media/image/decode_mask.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostMaskBytes = std::size_t{1} << 30, kMostKeptBytes = std::size_t{256} << 20;

NumberedPicture read_mask(const std::string& path) {
  const Tensor file = read_file(path, kMostMaskBytes, ErrorKind::data);
  return decode_mask(file.bytes(), path);
}

/// The mask of a picture, as its numbers.
NumberedPicture mask_of(const MaskedPicture& one, const Example& picture) {
  return one.made ? one.made(picture) : read_mask(one.mask);
}

/// What is known of a mask once it was read.
struct KnownMask {
  MaskedPicture of = {};                                             ///< without a mask: it was wrong
  std::optional<MaskRuns> runs = {};                                 ///< none: it is read again
  std::vector<std::pair<std::uint16_t, std::uint64_t>> values = {};  ///< and their pixels
};

class MaskedDataset final : public Dataset {
 public:
  MaskedDataset(FileList files, std::vector<KnownMask> masks, std::shared_ptr<const MaskClasses> classes)
      : files_(std::move(files)),
        masks_(std::move(masks)),
        classes_(std::move(classes)),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kMaskTarget), .names = classes_->names}} {
    files_.shrink();
  }

  std::size_t size() const override { return files_.size(); }
  std::unique_ptr<Example> get(std::size_t i) const override { return files_.example(i); }
  const DatasetInfo& info() const override { return info_; }

  Tensor target(std::size_t i) const override {
    const KnownMask& mask = masks_.at(i);
    const MaskRuns again = mask.runs ? MaskRuns() : MaskRuns(mask_of(mask.of, *get(i)));
    const MaskRuns& runs = mask.runs ? *mask.runs : again;
    TensorBuffer target(DType::u8, {runs.height(), runs.width()});
    runs.write(classes_->class_of, target.as<std::uint8_t>());
    return std::move(target).freeze();
  }

 private:
  FileList files_;
  std::vector<KnownMask> masks_;
  std::shared_ptr<const MaskClasses> classes_;
  DatasetInfo info_;
};

class MaskReader {
 public:
  MaskReader(std::string root, const std::vector<std::vector<MaskedPicture>>& parts, const DataWatch& watch)
      : root_(std::move(root)), watch_(watch), progress_(watch.progress) {
    for (const auto& part : parts) {
      for (const MaskedPicture& one : part) all_.push_back(&one);
      ends_.push_back(all_.size());
    }
    masks_.resize(all_.size());
  }

  std::vector<DatasetPtr> datasets(const MaskNames& names) {
    read();
    classes_ = std::make_shared<const MaskClasses>(mask_classes(names, values(), root_, watch_));
    std::vector<DatasetPtr> parts;
    std::size_t begin = 0, left_out = 0;
    for (const std::size_t end : ends_) {
      FileList files(root_);
      std::vector<KnownMask> masks;
      for (std::size_t i = begin; i < end; ++i) {
        if (masks_[i].of.mask.empty()) continue;  // it has been told what is wrong with it
        if (!has_class(masks_[i])) {
          going_on(watch_.faults, [&] { refuse_empty(masks_[i]); });
          left_out += classes_->ignores_others ? 1 : 0;
          continue;
        }
        files.add_path(all_[i]->picture);
        masks.push_back(std::move(masks_[i]));
      }
      begin = end;
      parts.push_back(
          files.size() == 0 ? nullptr : std::make_shared<MaskedDataset>(std::move(files), std::move(masks), classes_));
    }
    if (left_out > 0)
      progress_.notice(fmt::format("{}: {} left out, whose masks have none of the named values", root_,
                                   counted(left_out, "picture")));
    return parts;
  }

 private:
  void read() {
    std::vector<KeptFaults> wrong(watch_.faults.keeps() ? all_.size() : 0);
    progress_.begin("masks", all_.size());
    parallel_for(usable_cores(), all_.size(), [&](std::size_t i) {
      throw_if_cancelled(progress_);
      going_on(wrong.empty() ? refused_faults() : wrong[i], [&] { masks_[i] = known(*all_[i]); });
      progress_.advance(1);
    });
    progress_.end();
    for (const KeptFaults& of_mask : wrong)
      for (const Error& fault : of_mask.all()) watch_.faults.add(fault);
  }

  KnownMask known(const MaskedPicture& one) {
    FileList picture(root_);
    picture.add_path(one.picture);
    const std::unique_ptr<Example> example = picture.example(0);
    const NumberedPicture mask = mask_of(one, *example);
    require_same_size({mask.width, mask.height}, one.mask, *example);
    KnownMask known{.of = one, .runs = MaskRuns(mask)};
    if (kept_.fetch_add(known.runs->bytes()) + known.runs->bytes() > kMostKeptBytes) known.runs.reset();
    std::map<std::uint16_t, std::uint64_t> counts;
    for (std::size_t i = 0, end = 0; i < mask.numbers.size(); i = end) {
      while (end < mask.numbers.size() && mask.numbers[end] == mask.numbers[i]) ++end;
      counts[mask.numbers[i]] += end - i;
    }
    known.values.assign(counts.begin(), counts.end());
    return known;
  }

  MaskValues values() const {
    MaskValues values;
    for (const KnownMask& mask : masks_) {
      for (const auto& [value, pixels] : mask.values) {
        MaskValue& of_all = values[value];
        if (of_all.first.empty()) of_all.first = mask.of.mask;
        of_all.pixels += pixels;
      }
    }
    return values;
  }

  bool has_class(const KnownMask& mask) const {
    return std::ranges::any_of(mask.values,
                               [&](const auto& value) { return classes_->class_of[value.first] != kIgnoredPixel; });
  }

  void refuse_empty(const KnownMask& mask) const {
    if (classes_->ignores_others) return;
    throw data_error(mask.of.mask, "every pixel is ignored", "pixels of a class", "leave the picture out");
  }

  std::string root_;
  DataWatch watch_;
  Progress& progress_;
  std::vector<const MaskedPicture*> all_;
  std::vector<std::size_t> ends_;  // of the parts
  std::vector<KnownMask> masks_;
  std::atomic<std::size_t> kept_ = 0;  // bytes of runs
  std::shared_ptr<const MaskClasses> classes_;
};

}  // namespace

void require_same_size(const PictureSize& mask, const std::string& path, const Example& picture) {
  const std::optional<PictureSize> size = readable_size(picture);
  if (!size || (size->width == mask.width && size->height == mask.height)) return;
  const bool turned = size->width == mask.height && size->height == mask.width;
  throw data_error(path,
                   fmt::format("{} x {} px, and its picture {} has {} x {}{}", mask.width, mask.height, picture.id(),
                               size->width, size->height, turned ? ", the other way round" : ""),
                   "a mask of its picture's size",
                   turned ? "turn the mask as the picture is looked at, upright by its EXIF orientation"
                          : "scale the mask without interpolation, or label the picture as it is");
}

std::vector<DatasetPtr> masked_datasets(const std::string& root, const std::vector<std::vector<MaskedPicture>>& parts,
                                        const MaskNames& names, const DataWatch& watch) {
  return MaskReader(root, parts, watch).datasets(names);
}

}  // namespace enxerto
