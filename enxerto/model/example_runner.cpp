#include "enxerto/model/example_runner.h"

namespace enxerto {

ExampleRunner::ExampleRunner(Model model, std::size_t batch, Done done)
    : model_(std::move(model)), batch_(batch), done_(std::move(done)), inputs_(model_.preprocessor.inputs(), batch) {}

void ExampleRunner::add(std::size_t example, std::vector<Field> fields, std::string_view where) {
  const std::size_t windows = model_.preprocessor.windows(fields, where), number = first_ + waiting_.size();
  waiting_.push_back({.example = example, .windows = windows, .fields = std::move(fields)});
  try {
    for (std::size_t window = 0; window < windows; ++window) {
      std::vector<Field>& of = waiting_.back().fields;
      for (Field& field : of) field.window = static_cast<std::uint32_t>(window);
      BatchInputs::Slots slots = inputs_.slots(rows_.size());
      Alignment alignment = model_.preprocessor.encode(of, {.where = where}, slots);
      rows_.emplace_back(number, std::move(alignment.map));
      if (rows_.size() == batch_) run();
    }
  } catch (...) {
    while (!rows_.empty() && rows_.back().first == number) rows_.pop_back();
    waiting_.back().bad = true;
    throw;
  }
}

void ExampleRunner::finish() {
  if (!rows_.empty()) run();
  hand_over();
}

void ExampleRunner::run() {
  const TensorMap outputs = model_.run(inputs_.collect(rows_.size()));
  for (std::size_t row = 0; row < rows_.size(); ++row)
    waiting_.at(rows_[row].first - first_).outputs.add(outputs, row, std::move(rows_[row].second));
  rows_.clear();
  hand_over();
}

void ExampleRunner::hand_over() {
  while (!waiting_.empty()) {
    const Waiting& first = waiting_.front();
    if (!first.bad && first.outputs.size() < first.windows) return;
    if (!first.bad)
      done_(first.example, first.outputs.joined(model_.task, first.fields, model_.reading), first.fields,
            {first.outputs.map()});
    waiting_.pop_front();
    ++first_;
  }
}

}  // namespace enxerto
