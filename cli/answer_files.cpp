#include "answer_files.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "enxerto/files/atomic_write.h"

namespace enxerto::cli {

AnswerFiles::AnswerFiles(std::filesystem::path folder, const Task& task) : files_(std::move(folder)), task_(task) {
  const std::vector<std::string>& names = task.target().names;
  std::string lines;
  for (std::size_t i = 0; i < names.size(); ++i) lines += fmt::format("{} {}\n", i, names[i]);
  write_atomically(files_.folder() / "classes.txt", lines);
}

void AnswerFiles::write(const PredictedExample& example) {
  if (const auto bytes = task_.answer_file(example.best)) files_.write(example.id, task_.kind().file, *bytes);
}

}  // namespace enxerto::cli
