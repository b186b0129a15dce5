#include "drawn_examples.h"

#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/example_fields.h"
#include "enxerto/files/atomic_write.h"

namespace enxerto::cli {

DrawnExamples::DrawnExamples(std::filesystem::path folder, const Dataset& dataset, const Task& task)
    : folder_(std::move(folder)), dataset_(dataset), task_(task) {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed || !std::filesystem::is_directory(folder_))
    throw disk_error(folder_.string(), failed ? failed.message() : "no folder", "a folder that can be made",
                     "another name");
  if (!std::filesystem::is_empty(folder_, failed) || failed)  // what is there may be the pictures themselves
    throw disk_error(folder_.string(), failed ? failed.message() : "holds files already", "a new or an empty folder",
                     "another name");
}

void DrawnExamples::draw(const PredictedExample& example) {
  const std::unique_ptr<Example> found = dataset_.get(example.position);
  const auto picture = task_.drawn(fields_of(dataset_, *found), example.id, example.best, 0);
  if (!picture) return;
  const std::string stem = std::filesystem::path(example.id).stem().string();
  std::string name = stem;
  for (std::size_t copy = 2; !names_.insert(name).second; ++copy) name = fmt::format("{}-{}", stem, copy);
  const std::vector<std::byte>& bytes = picture->bytes;
  write_atomically(folder_ / (name + ".jpg"), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace enxerto::cli
