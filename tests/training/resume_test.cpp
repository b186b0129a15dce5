#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enxerto/metrics/accuracy.h"
#include "enxerto/training/checkpoint.h"
#include "tests/files/scratch.h"
#include "tests/files/thrown.h"
#include "tests/metrics/batch.h"
#include "tests/training/tiny_data.h"
#include "tests/training/tiny_trainer.h"
#include "tests/training/watcher.h"

namespace enxerto {
namespace {

using testing::StepWatcher;
using testing::TinyData;
using testing::TinyTrainer;

constexpr std::int64_t kPhases = 2;
constexpr std::size_t kStepsOfARun = 2 * 2 * 4;

RunIdentity identity() {
  return {.network = "tiny", .classes = {"a", "b"}, .data = "d", .recipe = "seed = 1\n", .machine = "m"};
}

/// A run of two phases as a caller writes it: the story that every test here interrupts.
RunState run(const std::filesystem::path& folder, bool resume, Progress& progress) {
  const TinyData data(13), held_out(12, 2);
  const auto training = data.source(), validation = held_out.source();
  MetricSet metrics = testing::set_of(Accuracy());
  CheckpointFolder checkpoint(folder, identity(), resume, progress);
  RunState state = checkpoint.found() ? checkpoint.found()->run : RunState{};
  if (!checkpoint.found()) checkpoint.save(state);
  for (auto phase = static_cast<std::int64_t>(state.finished.size()); phase < kPhases; ++phase) {
    TinyTrainer trainer({.noise = 0.5, .ema_decay = 0.8, .seed = 3});
    if (!state.weights.empty()) trainer.set_parameters(state.weights);
    LoopOptions options{.name = "phase",
                        .epochs = 2,
                        .batch_size = 4,
                        .accumulation_steps = 2,
                        .learning_rate = 0.3,
                        .schedule = {.kind = "reduce_on_plateau", .plateau_patience = 0},
                        .average_epochs = 2,
                        .first_epoch = static_cast<std::uint64_t>(2 * phase),
                        .save_seconds = 0,
                        .least_save_seconds = 0};
    options.save = [&](const LoopSnapshot& snapshot) { checkpoint.save(snapshot, phase); };
    if (checkpoint.found() && checkpoint.found()->running &&
        phase == static_cast<std::int64_t>(checkpoint.found()->run.finished.size()))
      options.resume = checkpoint.found()->running;
    const PhaseOutcome outcome = train_phase(
        trainer, {.training = *training, .validation = validation.get(), .metrics = &metrics}, options, progress);
    state.weights = outcome.weights;
    state.best.offer(phase, outcome.score, outcome.weights);
    state.finished.push_back(finished(outcome));
    checkpoint.save(state);
  }
  return state;
}

void expect_same_bits(const StateDict& a, const StateDict& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, tensor] : a) EXPECT_TRUE(identical(tensor, b.at(name))) << name;
}

void expect_same_run(const RunState& a, const RunState& b) {
  expect_same_bits(a.weights, b.weights);
  expect_same_bits(a.best.weights(), b.best.weights());
  ASSERT_EQ(a.finished.size(), b.finished.size());
  for (std::size_t i = 0; i < a.finished.size(); ++i) {
    ASSERT_EQ(a.finished[i].mean.has_value(), b.finished[i].mean.has_value());
    if (a.finished[i].mean) {
      EXPECT_EQ(a.finished[i].mean->epochs, b.finished[i].mean->epochs);
      EXPECT_EQ(a.finished[i].mean->figures, b.finished[i].mean->figures);
    }
    for (std::size_t s = 0; s < a.finished[i].history.series.size(); ++s) {
      if (a.finished[i].history.series[s].name == "seconds") continue;
      EXPECT_EQ(a.finished[i].history.series[s].values, b.finished[i].history.series[s].values);
    }
  }
}

RunState undisturbed() {
  const Scratch scratch;
  return run(scratch / "out.training", false, no_progress());
}

/// Runs in a child process that `progress` ends.
void run_in_child(const std::filesystem::path& folder, bool resume, StepWatcher& progress) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    try {
      (void)run(folder, resume, progress);
    } catch (...) {
      _exit(1);
    }
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

TEST(Resume, EndsWithTheSameBitsWhereverTheRunWasCancelled) {
  const RunState wanted = undisturbed();
  for (std::size_t steps = 1; steps <= kStepsOfARun; ++steps) {
    const Scratch scratch;
    StepWatcher stop(steps);
    const Error error = thrown_by([&] { (void)run(scratch / "t", false, stop); });
    expect_says(error, ErrorKind::interrupted, "resume = true");
    expect_same_run(wanted, run(scratch / "t", true, no_progress()));
  }
}

TEST(Resume, EndsWithTheSameBitsWhereverTheRunWasKilled) {
  const RunState wanted = undisturbed();
  for (std::size_t steps = 1; steps <= kStepsOfARun; ++steps) {
    const Scratch scratch;
    StepWatcher kill;
    kill.on_advance = [&](std::size_t done) {
      if (done == steps) raise(SIGKILL);
    };
    run_in_child(scratch / "t", false, kill);
    expect_same_run(wanted, run(scratch / "t", true, no_progress()));
  }
}

TEST(Resume, EndsWithTheSameBitsAfterManyKills) {
  const RunState wanted = undisturbed();
  const Scratch scratch;
  for (int kill_number = 0; kill_number < 3; ++kill_number) {
    StepWatcher kill;
    std::size_t calls = 0;
    kill.on_advance = [&](std::size_t) {
      if (++calls == 5) raise(SIGKILL);
    };
    run_in_child(scratch / "t", kill_number > 0, kill);
  }
  expect_same_run(wanted, run(scratch / "t", true, no_progress()));
}

TEST(Resume, BeginsAnewWithANoticeWhereThereIsNothing) {
  const Scratch scratch;
  StepWatcher watcher;
  expect_same_run(undisturbed(), run(scratch / "t", true, watcher));
  EXPECT_NE(watcher.notices.front().find("starts from the beginning"), std::string::npos);
}

TEST(Resume, OfARunThatHadEndedChangesNothing) {
  const Scratch scratch;
  const RunState wanted = run(scratch / "t", false, no_progress());
  StepWatcher watcher;
  expect_same_run(wanted, run(scratch / "t", true, watcher));
  EXPECT_EQ(watcher.done, 0U);
}

}  // namespace
}  // namespace enxerto
