#include "enxerto/data/identities.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/data/example_groups.h"
#include "enxerto/data/identity_target.h"
#include "enxerto/data/open.h"
#include "enxerto/data/pair_list.h"
#include "enxerto/data/relabel.h"
#include "enxerto/data/target_batch.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

const TableOptions kIdentities{.kind = std::string(kIdentityTarget)};

ErrorText identities_refused(const std::filesystem::path& path, const TableOptions& options = kIdentities) {
  try {
    (void)open_data(path, options);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data) << error.what();
    return error.text();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(Identities, AreGroupsThatNoSplitDivides) {
  Workplace place;
  for (const char* name : {"ann/1.jpg", "ann/2.jpg", "bob/1.jpg", "bob/2.jpg"}) place.write(name);
  const DatasetPtr data = open_data(place.path(), kIdentities).all;
  ASSERT_EQ(data->size(), 4U);
  EXPECT_EQ(data->info().target, (TargetSpec{.kind = std::string(kIdentityTarget), .names = {}}));
  EXPECT_EQ(example_groups(*data, std::vector<std::size_t>{0, 1, 2, 3}, "").groups, 2U);
  EXPECT_EQ(data->get(0)->group(), "ann");
  EXPECT_EQ(identity_of_target(data->target(0)), identity_number("ann"));
  EXPECT_EQ(target_batch(*data, std::vector<std::size_t>{0, 3}).shape(), (Shape{2, 1, 3}));
}

TEST(Identities, OfOtherDataAreOthers) {
  Workplace place;
  for (const char* name : {"ann/1.jpg", "ann/2.jpg", "eve/1.jpg", "eve/2.jpg"}) place.write(name);
  const Relabelled view = relabel(open_data(place.path(), kIdentities).all, {});
  EXPECT_EQ(view.left_out, 0U);
  EXPECT_TRUE(view.unknown.empty());
  EXPECT_EQ(identity_of_target(view.dataset->target(2)), identity_number("eve"));
}

TEST(Identities, OfAPatternOverPathsAreRead) {
  Workplace place;
  for (const char* name : {"7_theo_1.wav", "8_theo_1.wav", "7_jackson_2.wav"}) place.write(name);
  const DatasetPtr data = open_data(place.path(), {.kind = std::string(kIdentityTarget), .label = R"(_([a-z]+)_)"}).all;
  ASSERT_EQ(data->size(), 3U);
  EXPECT_EQ(data->get(0)->group(), "jackson");
}

TEST(Identities, WhoseNamesDifferInCaseAloneAreRefused) {
  Workplace place;
  for (const char* name : {"Ann/1.jpg", "ann/2.jpg", "bob/1.jpg"}) place.write(name);
  EXPECT_EQ(identities_refused(place.path()).found,
            "'Ann' and 'ann', which differ in case, in spaces around or in the form of their accents alone");
}

TEST(Identities, OfOneExampleAreNamed) {
  Workplace place;
  for (const char* name : {"ann/1.jpg", "ann/2.jpg", "bob/1.jpg"}) place.write(name);
  Listener listener;
  (void)open_data(place.path(), kIdentities, listener);
  EXPECT_TRUE(listener.heard("1 identity with one example, of which there is no pair of the same: bob"))
      << listener.notices.at(0);
}

/// Two folds of one pair of either kind, as view 2 of Labeled Faces in the Wild.
void write_faces(const Workplace& place) {
  for (const char* name :
       {"Ann_A/Ann_A_0001.jpg", "Ann_A/Ann_A_0002.jpg", "Bob/Bob_0001.jpg", "Bob/Bob_0003.jpg", "Cy/Cy_0001.jpg"})
    place.write("lfw/" + std::string(name));
  place.write("lfw/pairs.txt", "2\t1\nAnn_A\t1\t2\nAnn_A\t1\tBob\t3\nBob\t1\t3\nBob\t1\tCy\t1\n");
}

/// What is said of a pairs.txt with this text among these faces.
ErrorText refused_pairs(std::string_view text) {
  const Workplace place;
  write_faces(place);
  return identities_refused(place.write("lfw/pairs.txt", text));
}

TEST(PairList, OfLabeledFacesInTheWildHasFoldsAndIdentities) {
  Workplace place;
  write_faces(place);
  EXPECT_TRUE(is_pair_list((place.path() / "lfw/pairs.txt").string()));
  const DatasetPtr data = open_data(place.path() / "lfw/pairs.txt", kIdentities).all;
  ASSERT_EQ(data->size(), 5U);
  EXPECT_EQ(data->get(0)->id(), "Ann_A/Ann_A_0001.jpg");
  EXPECT_EQ(data->get(0)->group(), "Ann_A");
  const Tensor target = data->target(0);
  ASSERT_EQ(target.shape(), (Shape{3, 3}));
  const auto rows = target.as<std::int64_t>();
  EXPECT_EQ(std::vector<std::int64_t>(rows.begin() + 3, rows.end()), (std::vector<std::int64_t>{0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(data->target(4).as<std::int64_t>()[5], 1);  // Cy is in the second fold
}

TEST(PairList, ThatNamesAMissingFileSaysWhereItDoes) {
  const ErrorText refused = refused_pairs("1\nAnn_A\t1\t2\nAnn_A\t1\tBob\t2\n");
  EXPECT_TRUE(refused.where.ends_with("pairs.txt:3")) << refused.where;
  EXPECT_NE(refused.found.find("Bob/Bob_0002.jpg"), std::string::npos) << refused.found;
}

TEST(PairList, ThatIsCutOffIsRefused) {
  EXPECT_EQ(refused_pairs("2\t1\nAnn_A\t1\t2\nAnn_A\t1\tBob\t3\nBob\t1\t3\n").found, "3 pairs");
  EXPECT_NE(refused_pairs("2\t1\nAnn_A\tone\t2\n").found.find("'one'"), std::string::npos);
}

TEST(PairList, MayBeginWithTheMarkOfWindowsEditorsAndEndItsLinesSo) {
  Workplace place;
  write_faces(place);
  place.write("lfw/pairs.txt",
              "\xEF\xBB\xBF"
              "2\t1\r\nAnn_A\t1\t2\r\nAnn_A\t1\tBob\t3\r\nBob\t1\t3\r\nBob\t1\tCy\t1\r\n");
  EXPECT_EQ(open_data(place.path() / "lfw/pairs.txt", kIdentities).all->size(), 5U);
}

TEST(PairList, OfFoldsThatAreNotHalfOfOneIdentityIsRefused) {
  const ErrorText refused = refused_pairs("2\t1\nAnn_A\t1\t2\nBob\t1\t3\nAnn_A\t1\tBob\t3\nBob\t1\tCy\t1\n");
  EXPECT_TRUE(refused.where.ends_with("pairs.txt:3")) << refused.where;
  EXPECT_EQ(refused.found, "fold 1 has 2 pairs of one identity and 0 of two");
  EXPECT_EQ(refused_pairs("2\t9223372036854775807\nAnn_A\t1\t2\n").found, "2 folds of 9223372036854775807 pairs");
}

TEST(PairList, OfAFileWithItselfOrWithBothAnswersIsRefused) {
  Workplace place;
  write_faces(place);
  const std::string bob = "Bob/Bob_0001.jpg", cy = "Cy/Cy_0001.jpg", header = "first,second,same\n";
  place.write("lfw/mine.csv", header + bob + "," + bob + ",1\n");
  EXPECT_EQ(identities_refused(place.path() / "lfw/mine.csv").found, bob + " with itself");
  place.write("lfw/mine.csv", header + bob + "," + cy + ",0\n" + cy + "," + bob + ",1\n");
  const ErrorText refused = identities_refused(place.path() / "lfw/mine.csv");
  EXPECT_TRUE(refused.where.ends_with("mine.csv:3")) << refused.where;
  EXPECT_EQ(refused.found, cy + " and " + bob + ", of which line 2 says the contrary");
}

TEST(PairList, WithoutAnswersOrWithAColumnTwiceIsRefusedWhereItIsMeasuredBy) {
  Workplace place;
  write_faces(place);
  place.write("lfw/ask.csv", "first,second\nBob/Bob_0001.jpg,Cy/Cy_0001.jpg\n");
  EXPECT_EQ(identities_refused(place.path() / "lfw/ask.csv").found, "a table of pairs without the column same");
  place.write("lfw/ask.csv", "first,second,second,same\nBob/Bob_0001.jpg,Cy/Cy_0001.jpg,Cy/Cy_0001.jpg,0\n");
  EXPECT_EQ(identities_refused(place.path() / "lfw/ask.csv").found, "two columns 'second'");
}

TEST(PairList, OfATableSaysWhatIsTheSame) {
  Workplace place;
  write_faces(place);
  place.write("lfw/mine.tsv",
              "first\tsecond\tsame\nBob/Bob_0001.jpg\tBob/Bob_0003.jpg\tyes\n"
              "Bob/Bob_0001.jpg\tCy/Cy_0001.jpg\t0\n");
  const DatasetPtr data = open_data(place.path() / "lfw/mine.tsv", kIdentities).all;
  ASSERT_EQ(data->size(), 3U);
  EXPECT_EQ(identity_of_target(data->target(0)), -1);
  EXPECT_EQ(data->target(0).as<std::int64_t>()[4], 1);
  EXPECT_EQ(data->target(2).as<std::int64_t>()[4], 0);
  place.write("lfw/mine.tsv", "first\tsecond\tsame\nBob/Bob_0001.jpg\tBob/Bob_0003.jpg\tperhaps\n");
  EXPECT_EQ(identities_refused(place.path() / "lfw/mine.tsv").found, "'perhaps' in the column same");
}

TEST(PairList, IsAskedWithoutAnswersToo) {
  Workplace place;
  write_faces(place);
  place.write("lfw/ask.csv", "first,second\nBob/Bob_0001.jpg,Cy/Cy_0001.jpg\n");
  const std::vector<NamedPair> pairs = asked_pairs(place.path() / "lfw/ask.csv", "");
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].second, (place.path() / "lfw/Cy/Cy_0001.jpg").string());
  EXPECT_FALSE(is_pair_list((place.path() / "lfw/ask.csv").string()));
}

}  // namespace
}  // namespace enxerto
