#include "enxerto/media/record_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kNames{"rate", "loudness", "counted"};

std::string refusal_of(const Json& record) {
  try {
    const RecordReader reader(record, kNames, "preprocess.json");
    (void)reader.whole("rate", 4'000, 192'000);
    (void)reader.number("loudness", -120, 0);
    (void)reader.flag("counted");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(RecordReader, GivesMembersOfTheRightTypeAndRange) {
  const Json record{{"kind", "clip"}, {"rate", 16'000}, {"loudness", -30.5}};
  const RecordReader reader(record, kNames, "preprocess.json");
  EXPECT_EQ(reader.whole("rate", 4'000, 192'000), 16'000);
  EXPECT_EQ(reader.number("loudness", -120, 0), -30.5);
  EXPECT_FALSE(reader.flag("counted"));
  EXPECT_EQ(refusal_of(record), "");
}

TEST(RecordReader, NamesTheMemberThatIsWrong) {
  const Json right{{"rate", 16'000}, {"loudness", -30.5}, {"counted", true}};
  const std::array<std::pair<Json, std::string>, 6> wrong{{{{{"ratee", 1}}, "ratee"},
                                                           {{{"rate", nullptr}}, "rate: missing"},
                                                           {{{"rate", 16'000.5}}, "rate: 16000.5"},
                                                           {{{"rate", 1e300}}, "rate: 1e+300"},
                                                           {{{"loudness", "loud"}}, "loudness: \"loud\""},
                                                           {{{"counted", 1}}, "counted: 1"}}};
  for (const auto& [change, expected] : wrong) {
    Json record = right;
    for (const auto& [key, value] : change.items()) {
      record[key] = value;
      if (value.is_null()) record.erase(key);
    }
    EXPECT_NE(refusal_of(record).find("preprocess.json: " + expected), std::string::npos) << refusal_of(record);
  }
  EXPECT_NE(refusal_of({{"ratee", 1}}).find("did you mean 'rate'?"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
