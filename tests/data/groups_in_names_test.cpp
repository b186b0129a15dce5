#include "enxerto/data/groups_in_names.h"

#include <gtest/gtest.h>

#include <numeric>

#include "enxerto/data/open.h"
#include "enxerto/files/read.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

std::optional<GroupsInNames> shown_by(const Workplace& place, const std::string& label = "") {
  const DatasetPtr all = open_data(place.path().string(), {.label = label}).all;
  std::vector<std::size_t> positions(all->size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return groups_in_names(*all, positions);
}

void write_digits(const Workplace& place, const std::string& ending) {
  for (const char* speaker : {"jackson", "theo", "lucas"})
    for (const char* digit : {"3", "7"})
      for (const char* take : {"0", "1"})
        place.write(std::string(digit) + "_" + speaker + "_" + take + ending, std::string(speaker) + digit + take);
}

TEST(GroupsInNames, AreTheSpeakersOfLabelSpeakerNumber) {
  const Workplace place;
  write_digits(place, ".wav");
  const auto found = shown_by(place, R"(^(\d)_)");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->groups.groups, 3U);
  EXPECT_EQ(found->groups.largest, 4U);
  EXPECT_EQ(found->groups.names.front(), "jackson");
  EXPECT_EQ(found->how, "speakers (LABEL_SPEAKER_NUMBER)");
}

TEST(GroupsInNames, AreNoneWhereTheSpeakerIsWhatIsLearned) {
  const Workplace place;
  write_digits(place, ".wav");
  EXPECT_FALSE(shown_by(place, R"(_([a-z]+)_)"));
}

TEST(GroupsInNames, AreNoneOfPicturesThatAreCalledSo) {
  const Workplace place;
  write_digits(place, ".jpg");
  EXPECT_FALSE(shown_by(place, R"(^(\d)_)"));
}

TEST(GroupsInNames, AreNoneWhereOneFileIsCalledOtherwise) {
  const Workplace place;
  write_digits(place, ".wav");
  place.write("7_other.wav", "other");
  EXPECT_FALSE(shown_by(place, R"(^(\d)_)"));
}

TEST(GroupsInNames, AreTheSourceRecordingsOfEsc50) {
  const Workplace place;
  for (const char* name : {"dog/1-100032-A-0.wav", "dog/1-100032-B-0.wav", "dog/2-110389-A-0.wav",
                           "cat/1-34094-A-5.wav", "cat/1-34094-B-5.wav", "cat/3-95694-A-5.wav"})
    place.write(name, name);
  const auto found = shown_by(place);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->groups.groups, 4U);
  EXPECT_EQ(found->groups.largest, 2U);
}

TEST(GroupsInNames, AreTheSpeakersOfSpeechCommands) {
  const Workplace place;
  for (const char* word : {"yes", "no"})
    for (const char* speaker : {"0a7c2a8d", "1b88bf70", "2da58b32"})
      place.write(std::string(word) + "/" + speaker + "_nohash_0.wav", std::string(word) + speaker);
  const auto found = shown_by(place);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->groups.groups, 3U);
}

}  // namespace
}  // namespace enxerto
