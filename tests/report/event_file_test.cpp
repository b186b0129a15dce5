#include "enxerto/report/event_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

namespace enxerto {
namespace {

constexpr double kStart = 1700000000.25;

/// The same as in tools/golden/tensorboard_events.py.
std::vector<PhaseHistory> curves() {
  PhaseHistory head, rest;
  head.append("loss", 0.5);
  head.append("val_loss", 0.75);
  const auto append = [&](const char* name, double first, double second) {
    rest.append(name, first);
    rest.append(name, second);
  };
  append("loss", 0.25, NAN);
  append("accuracy", 0.875, 1);
  append("val_loss", 0.5, 0.125);
  append("val_top-5", 1, 1);
  append("learning_rate", 0.001, 1e-30);
  append("seconds", 1.5, 2.25);
  return {head, rest};
}

std::string golden(const char* name) {
  std::ifstream file(std::string(ENXERTO_TEST_DATA) + "/report/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EventFile, IsWhatTensorBoardsOwnWriterMakes) {
  EXPECT_TRUE(event_file(curves(), EventRun::training, kStart) == golden("training.tfevents"));
  EXPECT_TRUE(event_file(curves(), EventRun::validation, kStart) == golden("validation.tfevents"));
}

TEST(EventFile, OfMoreEpochsBeginsAsThatOfFewer) {
  const std::vector<PhaseHistory> all = curves();
  for (const EventRun run : {EventRun::training, EventRun::validation}) {
    const std::string whole = event_file(all, run, kStart);
    EXPECT_TRUE(whole.starts_with(event_file(std::span(all).first(1), run, kStart)));
    EXPECT_TRUE(whole.starts_with(event_file({}, run, kStart)));
  }
}

TEST(EventFile, TellsWhenItBegan) {
  EXPECT_EQ(start_of(event_file(curves(), EventRun::training, kStart)), kStart);
  EXPECT_EQ(start_of(""), 0);
  EXPECT_EQ(start_of("not an event file, but as long as one"), 0);
}

}  // namespace
}  // namespace enxerto
