#include "enxerto/training/checkpoint.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>

#include "enxerto/training/run_identity.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/training/watcher.h"

namespace enxerto {
namespace {

using testing::StepWatcher;

RunIdentity identity() {
  return {.network = "n1",
          .classes = {"cat", "dog"},
          .data = "d1",
          .recipe = "[[phase]]\nlearning_rate = 0.001\n[[phase]]\nlearning_rate = 1e-5\n",
          .machine = "two cores"};
}

StateDict weights(float value, std::int64_t count = 3) {
  StateDict dict;
  dict.set("w", Tensor::of<float>({count}, std::vector<float>(static_cast<std::size_t>(count), value)));
  return dict;
}

LoopSnapshot snapshot(float value) {
  LoopSnapshot one;
  one.state.epoch = 2;
  one.state.loss_sum = 0.1;
  one.state.stopping.best = std::numeric_limits<double>::quiet_NaN();
  one.state.history.append("loss", 1.0 / 3);
  one.trainer = weights(value);
  return one;
}

class Checkpoint : public ::testing::Test {
 protected:
  Scratch scratch;
  std::filesystem::path folder = scratch / "out.training";

  void leave_one() { CheckpointFolder(folder, identity(), false).save(RunState{}); }

  Error refused(const RunIdentity& wanted, bool resume = true) {
    return thrown_by([&] { CheckpointFolder(folder, wanted, resume); });
  }
};

TEST_F(Checkpoint, StandsBesideTheOutput) {
  EXPECT_EQ(CheckpointFolder::beside("models/flowers"), "models/flowers.training");
  EXPECT_EQ(CheckpointFolder::beside("models/flowers/"), "models/flowers.training");
}

TEST_F(Checkpoint, GivesBackWhatItWasGiven) {
  RunState run;
  run.weights = weights(1);
  run.best.offer(0, Score{.value = 0.25}, weights(2));
  run.notes.push_back({.rate = 0.01, .prefix = Precision::bf16, .epochs = 3});
  run.finished.push_back(
      {.name = "head", .kept_epoch = 3, .score = Score{.monitor = "val_f1", .value = 0.5, .higher_is_better = true}});
  {
    CheckpointFolder checkpoint(folder, identity(), false);
    checkpoint.save(run);
    checkpoint.save(snapshot(7), 1);
  }
  const CheckpointFolder again(folder, identity(), true);
  ASSERT_TRUE(again.found() && again.found()->running);
  EXPECT_EQ(again.found()->run.weights.at("w").as<float>()[0], 1);
  EXPECT_EQ(again.found()->run.best.weights().at("w").as<float>()[0], 2);
  EXPECT_EQ(again.found()->run.best.score()->value, 0.25);
  EXPECT_EQ(again.found()->run.notes, run.notes);
  EXPECT_EQ(again.found()->run.finished.at(0).kept_epoch, 3);
  EXPECT_TRUE(again.found()->run.finished.at(0).score->higher_is_better);
  EXPECT_EQ(again.found()->running->trainer.at("w").as<float>()[0], 7);
  EXPECT_EQ(again.found()->running->state.loss_sum, 0.1);
  EXPECT_TRUE(std::isnan(*again.found()->running->state.stopping.best));
  EXPECT_EQ(again.found()->running->state.history.series.at(0).values.at(0), 1.0 / 3);
}

TEST_F(Checkpoint, ForgetsTheRunningPhaseOnceItHasEnded) {
  {
    CheckpointFolder checkpoint(folder, identity(), false);
    checkpoint.save(snapshot(7), 0);
    RunState run;
    run.finished.emplace_back();
    checkpoint.save(run);
    checkpoint.save(snapshot(8), 0);  // as if the old file had survived
  }
  EXPECT_FALSE(CheckpointFolder(folder, identity(), true).found()->running);
}

TEST_F(Checkpoint, IsNotOverwrittenWithoutResume) {
  leave_one();
  expect_says(refused(identity(), false), ErrorKind::usage, "resume = true");
}

TEST_F(Checkpoint, IsThrownAwayWhereTheRunStartsAgain) {
  EXPECT_NO_THROW(CheckpointFolder::require_none(folder));
  EXPECT_NO_THROW(CheckpointFolder::discard(folder));
  leave_one();
  expect_says(thrown_by([&] { CheckpointFolder::require_none(folder); }), ErrorKind::usage, "output.replace = true");
  CheckpointFolder::discard(folder);
  EXPECT_EQ(scratch.count(), 0U);
  leave_one();
  const CheckpointFolder held(folder, identity(), true);
  expect_says(thrown_by([&] { CheckpointFolder::discard(folder); }), ErrorKind::usage, "process ");
}

TEST_F(Checkpoint, RefusesOtherClasses) {
  leave_one();
  RunIdentity other = identity();
  other.classes = {"cat", "cow"};
  expect_says(refused(other), ErrorKind::usage, "2 classes (cat, dog)");
}

TEST_F(Checkpoint, RefusesAnotherNetwork) {
  leave_one();
  RunIdentity other = identity();
  other.network = "n2";
  expect_says(refused(other), ErrorKind::weights, "another network");
}

TEST_F(Checkpoint, RefusesOtherData) {
  leave_one();
  RunIdentity other = identity();
  other.data = "d2";
  expect_says(refused(other), ErrorKind::usage, "other data");
}

TEST_F(Checkpoint, NamesTheKeyInWhichTheRecipeDiffers) {
  leave_one();
  RunIdentity other = identity();
  other.recipe = "[[phase]]\nlearning_rate = 0.001\n[[phase]]\nlearning_rate = 1e-4\n";
  expect_says(refused(other), ErrorKind::usage, "phase 2: learning_rate was 1e-05, is 0.0001");
}

TEST_F(Checkpoint, NoticesAnotherMachine) {
  leave_one();
  RunIdentity other = identity();
  other.machine = "eight cores";
  StepWatcher watcher;
  const CheckpointFolder elsewhere(folder, other, true, watcher);
  ASSERT_EQ(watcher.notices.size(), 1U);
  EXPECT_NE(watcher.notices[0].find("not be bit-identical"), std::string::npos);
}

TEST_F(Checkpoint, IsRefusedWhereOneBitIsWrong) {
  {
    RunState run;
    run.weights = weights(1);
    CheckpointFolder(folder, identity(), false).save(run);
  }
  std::fstream file(folder / "phases.safetensors", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-1, std::ios::end);
  file.put('\x3e');
  file.close();
  expect_says(refused(identity()), ErrorKind::weights, "damaged");
}

TEST_F(Checkpoint, IsRefusedWhereItIsCutOff) {
  leave_one();
  std::filesystem::resize_file(folder / "phases.safetensors", 100);
  EXPECT_EQ(refused(identity()).kind(), ErrorKind::weights);
}

TEST_F(Checkpoint, IsHeldByOneProcessWhichIsNamed) {
  const CheckpointFolder first(folder, identity(), false);
  expect_says(refused(identity(), false), ErrorKind::usage, "process " + std::to_string(getpid()));
}

TEST_F(Checkpoint, IsFreeAgainAfterwards) {
  {
    const CheckpointFolder first(folder, identity(), false);
  }
  EXPECT_NO_THROW(CheckpointFolder(folder, identity(), false));
}

TEST_F(Checkpoint, LeavesNothingBehindOnceTheModelIsSaved) {
  CheckpointFolder checkpoint(folder, identity(), false);
  checkpoint.save(snapshot(1), 0);
  checkpoint.remove();
  EXPECT_EQ(scratch.count(), 0U);
}

TEST_F(Checkpoint, SweepsWhatAKilledRunHadHalfWritten) {
  leave_one();
  std::ofstream(folder / ".enxerto-0123456789abcdef.part") << "half";
  const CheckpointFolder resumed(folder, identity(), true);
  EXPECT_FALSE(std::filesystem::exists(folder / ".enxerto-0123456789abcdef.part"));
}

/// In a child, because the limit and the ignored signal are the process's.
TEST_F(Checkpoint, StaysAsItWasOnAFullDisk) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int code = 1;
    try {
      CheckpointFolder checkpoint(folder, identity(), false);
      checkpoint.save(snapshot(1), 0);
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
      setrlimit(RLIMIT_FSIZE, &limit);
      LoopSnapshot larger = snapshot(2);
      larger.trainer = weights(2, 100000);
      checkpoint.save(larger, 0);
    } catch (const Error& error) {
      code = error.exit_code();
    }
    _exit(code);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 5);
  EXPECT_EQ(CheckpointFolder(folder, identity(), true).found()->running->trainer.at("w").as<float>()[0], 1);
}

TEST(RecipeDifference, FindsWhatIsNewAndWhatIsGone) {
  EXPECT_EQ(recipe_difference("a = 1\n", "a = 1\nb = 2\n"), "b was not there, is 2");
  EXPECT_EQ(recipe_difference("[head]\npool = \"avg\"\n", "[head]\n"), "head.pool was \"avg\", is not there");
  EXPECT_EQ(recipe_difference("a = 1\n", "a = 1\n"), "");
}

TEST(LoopStateText, RefusesWhatIsNoState) {
  expect_says(thrown_by([] { (void)loop_state_from("{}", "file"); }), ErrorKind::weights, "not the state");
}

}  // namespace
}  // namespace enxerto
