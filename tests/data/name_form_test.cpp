#include "enxerto/data/name_form.h"

#include <gtest/gtest.h>

#include "enxerto/data/part_names.h"

namespace enxerto {
namespace {

TEST(CanonicalForm, IsTheSameForBothFormsOfALetter) {
  EXPECT_EQ(canonical_form("caf\u00e9"), "cafe\u0301");
  EXPECT_EQ(canonical_form("cafe\u0301"), "cafe\u0301");
  EXPECT_EQ(canonical_form("\u1ec7"), canonical_form("e\u0323\u0302"));
  EXPECT_EQ(canonical_form("\uac01"), "\u1100\u1161\u11a8");
  EXPECT_EQ(canonical_form("\u304c"), "\u304b\u3099");
}

TEST(CanonicalForm, LeavesWhatIsNoUtf8AsItIs) {
  EXPECT_EQ(canonical_form("caf\xe9"), "caf\xe9");
  EXPECT_EQ(canonical_form("\xc3"), "\xc3");
  EXPECT_EQ(canonical_form("\xf0\x9f\x90\xb1"), "\xf0\x9f\x90\xb1");
}

TEST(FindName, TakesTheEqualOneBeforeOneOfAnotherForm) {
  const std::vector<std::string> names{"cafe\u0301", "caf\u00e9", "the\u0301"};
  EXPECT_EQ(find_name(names, "caf\u00e9"), 1U);
  EXPECT_EQ(find_name(names, "th\u00e9"), 2U);
  EXPECT_EQ(find_name(names, "tea"), std::nullopt);
}

TEST(FirstLookAlikes, DifferInCaseSpacesOrTheFormOfAccents) {
  const auto alike = [](std::vector<std::string> names) { return first_look_alikes(names).has_value(); };
  EXPECT_TRUE(alike({"Ana", "bia", "ana"}));
  EXPECT_TRUE(alike({"ana ", "ana"}));
  EXPECT_TRUE(alike({"Jos\u00e9", "jose\u0301"}));
  EXPECT_FALSE(alike({"ana", "anna", "jose", "jos\u00e9"}));
}

TEST(PartNamed, KnowsWhatPublishedSetsCallThem) {
  for (const char* name :
       {"train", "Train", "TRAINING", "train_set", "trainset", "seg_train", "train2017", "TrainImages"})
    EXPECT_EQ(part_named(name), Part::train) << name;
  for (const char* name : {"val", "Valid", "validation", "dev", "val_images", "valida\u00e7\u00e3o"})
    EXPECT_EQ(part_named(name), Part::validation) << name;
  for (const char* name : {"test", "Testing", "test-data", "teste", "01_test"}) EXPECT_EQ(part_named(name), Part::test);
  for (const char* name : {"", "cat", "trains", "trainer", "latest", "train_val", "devil", "set", "bus train"})
    EXPECT_EQ(part_named(name), std::nullopt) << name;
}

}  // namespace
}  // namespace enxerto
