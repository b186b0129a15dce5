#include "enxerto/data/boxed_pictures.h"

#include <atomic>
#include <span>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/media/image/picture_size.h"

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
    if (pictures_.unit_ == BoxedPictures::Unit::pixels || boxes.empty()) return box_target(boxes);
    std::vector<LabelledBox> scaled(boxes.begin(), boxes.end());
    const PictureSize size = size_of_picture(i);
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
    const PictureSize size = read_size(i);
    sizes_[i].store(static_cast<std::uint64_t>(size.width) << kHalf | static_cast<std::uint64_t>(size.height),
                    std::memory_order_relaxed);
    return size;
  }

  /// A picture that cannot be read is left out by whoever reads it, not by who asks which classes are in it.
  PictureSize read_size(std::size_t i) const {
    const std::unique_ptr<Example> example = get(i);
    try {
      return picture_size(example->field(0).bytes.bytes(), example->id());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      return {.width = 1, .height = 1};
    }
  }

  BoxedPictures pictures_;
  mutable std::vector<std::atomic<std::uint64_t>> sizes_;  // width and height; 0: not read yet
  DatasetInfo info_;
};

void BoxedPictures::add(const std::vector<LabelledBox>& boxes) {
  boxes_.insert(boxes_.end(), boxes.begin(), boxes.end());
  ends_.push_back(boxes_.size());
}

DatasetPtr boxed_dataset(BoxedPictures pictures, std::vector<std::string> classes) {
  return std::make_shared<BoxedDataset>(std::move(pictures), std::move(classes));
}

}  // namespace enxerto
