#include "streamed_examples.h"

#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/unlabelled_texts.h"
#include "enxerto/files/line_stream.h"
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/transcripts.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20U;

/// Parts of one piece of work as one part.
class JoinedProgress final : public Progress {
 public:
  explicit JoinedProgress(Progress& all) : all_(all) {}

  void begin(std::string_view part, std::size_t /*total*/) override {
    if (!open_) all_.begin(part, 0);
    open_ = true;
  }
  void advance(std::size_t steps) override { all_.advance(steps); }
  void result(std::string_view text) override { all_.result(text); }
  void notice(std::string_view text) override { all_.notice(text); }
  bool cancelled() const override { return all_.cancelled(); }
  void finish() {
    if (open_) all_.end();
  }

 private:
  Progress& all_;
  bool open_ = false;
};

}  // namespace

void for_each_block_of_standard_input(const std::vector<std::string>& learned, Progress& progress,
                                      const std::function<void(const Dataset&)>& each) {
  LineStream lines(STDIN_FILENO, kLongestLine);
  TextLineReader reader("standard input", learned);
  for (std::vector<LineStream::Line> some = lines.next(progress); !some.empty(); some = lines.next(progress)) {
    for (const LineStream::Line& line : some) {
      if (line.too_long)
        reader.add_too_long(line.number, kLongestLine);
      else
        reader.add(line.text, line.number);
    }
    if (const DatasetPtr block = reader.take()) each(*block);
  }
  if (reader.lines() > 0 && reader.blanks() > 0)
    progress.notice(fmt::format("{} of standard input passed over", counted(reader.blanks(), "blank line")));
  if (reader.lines() == 0) throw data_error("standard input", "no texts", "one a line");
}

void predict_parts(const Model& model, const std::vector<DatasetPtr>& parts, const std::vector<std::string>& learned,
                   const ReadingOptions& reading, int threads, const std::function<void(const PredictedExample&)>& each,
                   Progress& progress) {
  const bool foretells = model.task().kind().foretells;
  if (parts.size() == 1 && parts.front()) {
    notice_losses(*parts.front(), model.preprocessor(), threads, foretells, progress);
    model.predict(*parts.front(), reading, each, progress);
    return;
  }
  JoinedProgress joined(progress);
  LossesOfParts losses(model.preprocessor(), threads, foretells);
  const auto predict = [&](const Dataset& part) {
    losses.add(part, joined);
    model.predict(part, reading, each, joined);
    (void)std::fflush(stdout);  // a write that fails is noticed at the end
  };
  for (const DatasetPtr& part : parts) {
    if (part)
      predict(*part);
    else
      for_each_block_of_standard_input(learned, progress, predict);
  }
  joined.finish();
  losses.tell(progress);
}

}  // namespace enxerto::cli
