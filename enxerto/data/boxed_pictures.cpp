#include "enxerto/data/boxed_pictures.h"

#include <atomic>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/readable_size.h"

namespace enxerto {

class BoxedDataset final : public Dataset {
 public:
  BoxedDataset(BoxedPictures pictures, std::vector<std::string> classes)
      : pictures_(std::move(pictures)),
        sizes_(pictures_.files.size()),
        info_{.inputs = {Medium::image}, .target = {.kind = std::string(kBoxTarget), .names = std::move(classes)}} {
    pictures_.files.shrink();
  }

  std::size_t size() const override { return pictures_.files.size(); }
  std::unique_ptr<Example> get(std::size_t i) const override { return pictures_.files.example(i); }
  const DatasetInfo& info() const override { return info_; }

  Tensor target(std::size_t i) const override {
    const std::size_t begin = i == 0 ? 0 : pictures_.ends_[i - 1];
    const auto boxes = std::span(pictures_.boxes_).subspan(begin, pictures_.ends_.at(i) - begin);
    if (boxes.empty()) return box_target(boxes);
    if (const auto& stated = pictures_.stated_[i]; stated.width > 0 && stated.height > 0) require_size(i, stated);
    if (pictures_.unit_ == BoxedPictures::Unit::pixels) return box_target(boxes);
    std::vector<LabelledBox> scaled(boxes.begin(), boxes.end());
    PictureSize size = size_of_picture(i);
    if (is_unknown(size)) size = {.width = 1, .height = 1};
    for (LabelledBox& box : scaled) {
      box.left *= size.width;
      box.right *= size.width;
      box.top *= size.height;
      box.bottom *= size.height;
      box.area = (box.right - box.left) * (box.bottom - box.top);
    }
    return box_target(scaled);
  }

 private:
  PictureSize size_of_picture(std::size_t i) const {
    constexpr unsigned kHalf = 32;
    const std::uint64_t known = sizes_[i].load(std::memory_order_relaxed);
    if (known != 0) return {.width = static_cast<int>(known >> kHalf), .height = static_cast<int>(known & 0xFFFFFFFF)};
    const PictureSize size = readable_size(*get(i)).value_or(PictureSize{kUnreadable, kUnreadable});
    sizes_[i].store(static_cast<std::uint64_t>(size.width) << kHalf | static_cast<std::uint64_t>(size.height),
                    std::memory_order_relaxed);
    return size;
  }

  void require_size(std::size_t i, const BoxedPictures::StatedSize& stated) const {
    const PictureSize size = size_of_picture(i);
    if (is_unknown(size) || (std::abs(size.width - stated.width) <= 1 && std::abs(size.height - stated.height) <= 1))
      return;
    const bool turned = std::abs(size.width - stated.height) <= 1 && std::abs(size.height - stated.width) <= 1;
    throw data_error(
        pictures_.files.path(i),
        fmt::format("{} x {} px{}, but its boxes are those of a picture of {:g} x {:g}", size.width, size.height,
                    turned ? " as it is looked at (by its EXIF orientation?)" : "", stated.width, stated.height),
        "the size that the file of boxes says",
        turned ? "turn the picture itself and remove its orientation, or label it as it is looked at"
               : "give the picture that was labelled");
  }

  static bool is_unknown(const PictureSize& size) { return size.width == kUnreadable && size.height == kUnreadable; }

  static constexpr int kUnreadable = 1 << 30;
  BoxedPictures pictures_;
  mutable std::vector<std::atomic<std::uint64_t>> sizes_;  // width and height; 0: not read yet
  DatasetInfo info_;
};

void BoxedPictures::add(const std::vector<LabelledBox>& boxes, StatedSize stated) {
  boxes_.insert(boxes_.end(), boxes.begin(), boxes.end());
  stated_.push_back(stated);
  ends_.push_back(boxes_.size());
}

DatasetPtr boxed_dataset(BoxedPictures pictures, std::vector<std::string> classes) {
  return std::make_shared<BoxedDataset>(std::move(pictures), std::move(classes));
}

}  // namespace enxerto
