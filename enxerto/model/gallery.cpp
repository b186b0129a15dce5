#include "enxerto/model/gallery.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/files/file_lock.h"
#include "enxerto/files/writable_place.h"
#include "enxerto/model/model.h"
#include "enxerto/model/task_of.h"
#include "enxerto/tasks/gallery.h"
#include "enxerto/tasks/task.h"

namespace enxerto {
namespace {

Gallery gallery_of(const Bundle& bundle, const std::filesystem::path& model) {
  const TaskPtr task = task_of(bundle, task_file(model));
  if (!task->kind().has_gallery)
    throw usage_error(model.string(), fmt::format("a model for {}", task->kind().title), "a model for identification",
                      "train one: task.kind = \"identification\"");
  return gallery_from_record(task_record(bundle), task_file(model));
}

void save_with(const Gallery& gallery, Bundle bundle, const std::filesystem::path& model) {
  Json record;
  put_gallery(gallery, record);
  bundle.labels = gallery.names;
  bundle.task_facts["gallery"] = record["gallery"];
  write_bundle(bundle, model, true);
}

/// Changes of one model are made one after the other: each reads what it then writes again.
class OneAtATime {
 public:
  /// Waits for whoever is changing it. Throws Error{disk}.
  explicit OneAtATime(const std::filesystem::path& model) : path_(model.lexically_normal()) {
    if (!std::filesystem::is_directory(model)) return;  // no model: whoever reads it says so
    if (!path_.has_filename()) path_ = path_.parent_path();
    path_ += ".lock";
    require_writable_place(path_);
    constexpr auto kWait = std::chrono::milliseconds(20);
    const Stopwatch watch;
    while (!(lock_ = FileLock::try_alone(path_)) || !lock_->is(path_)) {
      lock_.reset();
      if (watch.seconds() > kPatience)
        throw Error(ErrorKind::disk, {.where = path_.string(),
                                      .found = "another program is changing the model",
                                      .expected = "one at a time",
                                      .tip = "wait for it"});
      std::this_thread::sleep_for(kWait);
    }
  }
  ~OneAtATime() {
    if (!lock_) return;  // then `path_` is nothing of ours
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;

 private:
  static constexpr double kPatience = 60;  // s
  std::filesystem::path path_;
  std::optional<FileLock> lock_;
};

/// Which examples have the content of one before; those that cannot be read are none.
std::vector<bool> copies_in(const Dataset& examples) {
  std::set<Hash128> contents;
  std::vector<bool> copies;
  for (std::size_t i = 0; i < examples.size(); ++i) try {
      copies.push_back(!contents.insert(hash128(examples.get(i)->field(0).bytes.bytes())).second);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      copies.push_back(false);
    }
  return copies;
}

}  // namespace

std::vector<KnownIdentity> known_identities(const std::filesystem::path& model) {
  const Gallery gallery = gallery_of(read_bundle(model), model);
  std::vector<KnownIdentity> known;
  for (std::size_t i = 0; i < gallery.names.size(); ++i) known.push_back({gallery.names[i], gallery.examples[i]});
  return known;
}

std::size_t add_identity(const std::filesystem::path& model, const std::string& name, const Dataset& examples,
                         Progress& progress) {
  const OneAtATime alone(model);
  Bundle bundle = read_bundle(model);
  Gallery gallery = gallery_of(bundle, model);
  const std::vector<bool> copies = copies_in(examples);
  std::vector<float> vectors;
  std::vector<std::string> bad;
  std::size_t seen = 0;
  const auto keep = [&](const PredictedExample& example) {
    if (!example.bad.empty()) bad.push_back(example.bad);
    if (copies[seen++] || !example.bad.empty()) return;
    vectors.insert(vectors.end(), example.probabilities.begin(), example.probabilities.end());
  };
  Model(bundle).predict(examples, ReadingOptions{}, keep, progress);
  if (!bad.empty())
    throw data_error(fmt::format("{} of {}", counted(bad.size(), "example"), name),
                     fmt::format("{}", fmt::join(bad, "; ")), "examples that can be read",
                     "leave these out; nothing has been added");
  gallery.add(name, vectors);
  save_with(gallery, std::move(bundle), model);
  return examples.size() - static_cast<std::size_t>(std::ranges::count(copies, true));
}

void remove_identity(const std::filesystem::path& model, const std::string& name) {
  const OneAtATime alone(model);
  Bundle bundle = read_bundle(model);
  Gallery gallery = gallery_of(bundle, model);
  gallery.remove(name);
  save_with(gallery, std::move(bundle), model);
}

}  // namespace enxerto
