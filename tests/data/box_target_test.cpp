#include "enxerto/data/box_target.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/label_sets.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_batch.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/boxed.h"

namespace enxerto {
namespace {

using testing::MadeBoxes;

TEST(BoxTarget, IsReadBackAsItWasWritten) {
  const std::vector<LabelledBox> boxes{
      {.left = 1, .top = 2, .right = 30.5, .bottom = 40, .label = 3, .area = 500, .crowd = true}};
  const std::vector<LabelledBox> read = boxes_of(box_target(boxes));
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].right, 30.5);
  EXPECT_EQ(read[0].label, 3);
  EXPECT_EQ(read[0].area, 500);
  EXPECT_TRUE(read[0].crowd);
  EXPECT_THROW(boxes_of(Tensor()), Error);
}

TEST(BoxTarget, OfAPictureWithoutObjectsIsKnownToBeEmpty) {
  EXPECT_TRUE(is_labelled(box_target({})));
  EXPECT_FALSE(is_labelled(Tensor()));
  EXPECT_TRUE(boxes_of(box_target({})).empty());
}

TEST(BoxTarget, MakesBatchesThatAreFilledUp) {
  const MadeBoxes data({"cat", "dog"}, {{{.right = 1, .bottom = 1, .label = 1}}, {}, {{.label = 0}, {.label = 1}}});
  const std::vector<std::size_t> positions{2, 1, 0};
  const Tensor batch = target_batch(data, positions);
  EXPECT_EQ(batch.shape(), (Shape{3, 2, kBoxColumns}));
  EXPECT_EQ(boxes_of(batch.rows(0, 1).reshaped({2, kBoxColumns})).size(), 2U);
  EXPECT_TRUE(boxes_of(batch.rows(1, 2).reshaped({2, kBoxColumns})).empty());
  EXPECT_EQ(boxes_of(batch.rows(2, 3).reshaped({2, kBoxColumns}))[0].label, 1);
  const std::vector<std::size_t> empty{1};
  EXPECT_EQ(target_batch(data, empty).shape(), (Shape{1, 1, kBoxColumns}));
}

TEST(BoxTarget, KeepsPicturesWhoseBoxesAreOfOtherClasses) {
  const auto data = std::make_shared<MadeBoxes>(
      std::vector<std::string>{"cat", "dog"},
      std::vector<std::vector<LabelledBox>>{{{.label = 0}, {.label = 1}}, {{.label = 1}}, {}});
  const Relabelled cats = relabel(data, {"cat"});
  ASSERT_EQ(cats.dataset->size(), 3U);
  EXPECT_EQ(boxes_of(cats.dataset->target(0)).size(), 1U);
  EXPECT_TRUE(boxes_of(cats.dataset->target(1)).empty());
  EXPECT_EQ(cats.left_out, 0U);
  EXPECT_EQ(cats.unknown, std::vector<std::string>{"dog"});
}

TEST(BoxTarget, HasEachClassOfAPictureOnceForSplits) {
  const MadeBoxes data({"cat", "dog"}, {{{.label = 1}, {.label = 0}, {.label = 1}}, {}});
  const std::vector<std::size_t> positions{0, 1};
  const LabelSets sets = label_sets(data, positions);
  EXPECT_EQ(std::vector<std::uint32_t>(sets.of(0).begin(), sets.of(0).end()), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_TRUE(sets.of(1).empty());
}

}  // namespace
}  // namespace enxerto
