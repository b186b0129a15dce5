#include "enxerto/data/unlabelled_folder.h"

#include <gtest/gtest.h>

#include "enxerto/data/target_kind.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

TEST(UnlabelledFolder, HoldsFilesOfOneMediumAndNothingElse) {
  Workplace place;
  for (const char* name : {"b.png", "a.jpg", "landmarks.csv", ".DS_Store"}) place.write(name);
  const DatasetPtr found = open_unlabelled_folder(place.path());
  ASSERT_NE(found, nullptr);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->get(0)->id(), "a.jpg");
  EXPECT_EQ(found->info().target.kind, kClassTarget);
  EXPECT_EQ(found->target(0).size(), 0U);
}

TEST(UnlabelledFolder, IsNoneWhereLabelsMayLie) {
  for (const char* other : {"labels.csv", "a.txt", "_annotations.coco.json", "a.wav", "cats/c.jpg"}) {
    Workplace place;
    for (const char* name : {"a.jpg", other}) place.write(name);
    EXPECT_EQ(open_unlabelled_folder(place.path()), nullptr) << other;
  }
  EXPECT_EQ(open_unlabelled_folder("/nowhere"), nullptr);
}

}  // namespace
}  // namespace enxerto
