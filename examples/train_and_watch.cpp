// Trains on a folder of pictures, says what it is doing, stops politely at a deadline, and lists how well each class is
// found. Usage: train_and_watch FOLDER MODEL
#include <chrono>
#include <exception>
#include <iostream>

#include "enxerto/enxerto.h"

namespace {

using Clock = std::chrono::steady_clock;

/// Prints each part as it begins; asks the work to stop after an hour.
class Watcher : public enxerto::Progress {
 public:
  void begin(std::string_view part, std::size_t total) override { std::cerr << part << ": " << total << " steps\n"; }
  void notice(std::string_view text) override { std::cerr << "note: " << text << '\n'; }
  bool cancelled() const override { return Clock::now() > deadline_; }

 private:
  Clock::time_point deadline_ = Clock::now() + std::chrono::hours(1);
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: train_and_watch FOLDER MODEL\n";
    return 2;
  }
  try {
    enxerto::Recipe recipe;
    recipe.data.path = argv[1];
    recipe.input.size = 96;
    recipe.output.path = argv[2];
    recipe.output.replace = true;
    Watcher watcher;
    const enxerto::TrainReport report = enxerto::train(recipe, watcher);
    const enxerto::MetricValue& accuracy = report.test["accuracy"];
    std::cout << "accuracy " << accuracy.value << " (" << accuracy.interval->low << " to " << accuracy.interval->high
              << ")\n";
    const enxerto::MetricTable& classes = report.test.table("per_class");
    for (std::size_t i = 0; i < report.classes.size(); ++i)
      std::cout << report.classes[i] << ": recall " << classes.number(i, "recall") << '\n';
  } catch (const enxerto::Error& error) {
    std::cerr << error.what() << '\n';
    return error.exit_code();
  }
}
