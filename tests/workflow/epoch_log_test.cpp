#include "enxerto/workflow/epoch_log.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "enxerto/report/event_file.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

class EpochLog : public ::testing::Test {
 protected:
  std::string events(const char* run) const {
    std::ifstream file(path(run), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  fs::path path(const char* run) const { return folder_ / "model.tensorboard" / run / "events.out.tfevents.enxerto"; }

  void log(const PhaseHistory& phase) const { log_epochs(folder_ / "model", {}, phase); }

  const testing::TemporaryDirectory directory_;
  const fs::path& folder_ = directory_.path();
};

PhaseHistory of_losses(std::initializer_list<double> losses) {
  PhaseHistory phase;
  for (const double loss : losses) {
    phase.append("loss", loss);
    phase.append("val_loss", loss + 1);
    phase.append("seconds", 0.5);
  }
  return phase;
}

TEST_F(EpochLog, AppendsNewEpochsToTheFilesOfTensorBoard) {
  log(of_losses({3}));
  const std::string first = events("training");
  log(of_losses({3, 2}));
  const std::string both = events("training");
  EXPECT_GT(both.size(), first.size());
  EXPECT_TRUE(both.starts_with(first));
  EXPECT_FALSE(events("validation").empty());
  EXPECT_TRUE(fs::exists(folder_ / "model.epochs.csv"));
}

TEST_F(EpochLog, GoesOnBehindHalfARecordOfARunThatWasKilled) {
  log(of_losses({3, 2}));
  const std::string whole = events("training");
  std::ofstream(path("training"), std::ios::binary) << whole.substr(0, whole.size() - 5);
  log(of_losses({3, 2}));
  EXPECT_TRUE(events("training") == whole);
}

TEST_F(EpochLog, BeginsAnewWithAnotherRun) {
  log(of_losses({3, 2}));
  log(of_losses({7}));
  const std::string now = events("training");
  EXPECT_TRUE(now == event_file(std::vector{of_losses({7})}, EventRun::training, start_of(now)));
}

}  // namespace
}  // namespace enxerto
