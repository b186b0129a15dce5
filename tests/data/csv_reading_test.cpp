#include "enxerto/data/csv_reading.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "enxerto/data/open.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

TEST(CsvReading, SaysThatRowsOfTwoFilesMayBePairs) {
  Workplace place;
  for (const char* name : {"a.png", "b.png"}) place.write(name);
  testing::Listener notices;
  (void)open_data(place.write("t.csv", "one,two,label\na.png,b.png,0\nb.png,a.png,1\n"), {}, notices);
  EXPECT_TRUE(notices.heard("two too names pictures: where rows are pairs to compare, call the columns first"));
}

TEST(CsvReading, SaysThatSentencesMayBeTranscripts) {
  Workplace place;
  std::string rows = "file,frase\n", few = rows;
  for (int i = 0; i < 40; ++i) {
    place.write(std::to_string(i) + ".wav");
    rows += fmt::format("{0}.wav,the sentence of number {0} is here\n", i);
    few += fmt::format("{0}.wav,one class of many words of {1}\n", i, i % 2);
  }
  testing::Listener notices, of_few;
  (void)open_data(place.write("t.csv", rows), {}, notices);
  EXPECT_TRUE(notices.heard("data.targets = [\"frase\"] and task.kind = \"speech_recognition\""));
  (void)open_data(place.write("few.csv", few), {}, of_few);
  EXPECT_FALSE(of_few.heard("speech_recognition")) << "two classes are learned as such";
}

TEST(CsvReading, SaysThatPricesAreClassesWhileTheirSignStandsInTheCells) {
  Workplace place;
  std::string rows = "file,price\n", few = "file,size\n";
  for (int i = 0; i < 40; ++i) {
    place.write(std::to_string(i) + ".jpg");
    rows += fmt::format("{}.jpg,R$ {}\n", i, 100 + i);
    few += fmt::format("{}.jpg,{} kg\n", i, i % 2 + 1);
  }
  testing::Listener notices, of_few;
  (void)open_data(place.write("t.csv", rows), {}, notices);
  EXPECT_TRUE(notices.heard("price holds numbers with a sign or a unit, such as R$ 100, which are classes so"));
  (void)open_data(place.write("few.csv", few), {}, of_few);
  EXPECT_FALSE(of_few.heard("a sign or a unit")) << "two weights are two classes";
  std::string numbers = "file,age\n";
  for (int i = 0; i < 40; ++i) numbers += fmt::format("{}.jpg,{}{}\n", i, i % 20, i == 30 ? " years" : ".5");
  testing::Listener of_numbers;
  (void)open_data(place.write("numbers.csv", numbers), {}, of_numbers);
  EXPECT_TRUE(of_numbers.heard("39 of the 40 cells of age are plain numbers, but not '10 years' in line 32"));
}

}  // namespace
}  // namespace enxerto
