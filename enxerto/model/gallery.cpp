#include "enxerto/model/gallery.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/hash.h"
#include "enxerto/base/quantity.h"
#include "enxerto/bundle/bundle.h"
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
  Bundle bundle = read_bundle(model);
  Gallery gallery = gallery_of(bundle, model);
  gallery.remove(name);
  save_with(gallery, std::move(bundle), model);
}

}  // namespace enxerto
