#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/open.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/model/gallery.h"
#include "enxerto/model/model.h"
#include "text.h"

namespace enxerto::cli {
namespace {

struct GalleryWords {
  std::string model, name;
  std::vector<std::string> files;
};

int list_gallery(const Session& session, const std::string& model) {
  const std::vector<KnownIdentity> known = known_identities(model);
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"name", "examples"}};
  for (const KnownIdentity& one : known) {
    list.push_back({{"name", one.name}, {"examples", one.examples}});
    rows.push_back({on_terminal(one.name), fmt::format("{}", one.examples)});
  }
  if (session.json)
    session.print({{"identities", list}});
  else
    fmt::print("{}", table(rows));
  return 0;
}

int changed(const Session& session, const std::string& model, const std::string& what) {
  const std::size_t count = known_identities(model).size();
  if (session.json)
    session.print({{"model", model}, {"identities", count}});
  else
    print_labelled("model", fmt::format("{}: {}; {} known", model, what, counted(count, "identity", "identities")));
  return 0;
}

int add_to_gallery(const Session& session, const GalleryWords& words) {
  const Medium medium = Model::load(words.model).preprocessor().sample(0).front().medium;
  const std::vector<std::filesystem::path> files(words.files.begin(), words.files.end());
  const DatasetPtr examples = open_files(files, medium, *session.progress);
  const std::size_t added = add_identity(words.model, words.name, *examples, *session.progress);
  if (added < examples->size())
    session.progress->notice(fmt::format("{} a copy of another, and counted once",
                                         counted(examples->size() - added, "file is", "files are")));
  return changed(session, words.model,
                 fmt::format("{} added by {}", on_terminal(words.name), counted(added, "example")));
}

int remove_from_gallery(const Session& session, const GalleryWords& words) {
  remove_identity(words.model, words.name);
  return changed(session, words.model, fmt::format("{} removed", on_terminal(words.name)));
}

}  // namespace

void add_gallery(Command& app, Session& session) {
  Command* command =
      app.add_subcommand("gallery", "Show or change whom a model for identification knows; nothing is trained");
  const auto add = [&](const std::string& name, const std::string& about,
                       int (*run)(const Session&, const GalleryWords&), bool files) {
    auto words = std::make_shared<GalleryWords>();
    Command* one = command->add_subcommand(name, about);
    one->fallthrough();
    one->add_option("MODEL", words->model, "A saved model for identification")->required();
    one->add_option("NAME", words->name, "Name of the identity")->required();
    if (files) one->add_option("FILE", words->files, "Files of it, or folders that hold some")->required();
    one->callback(
        [&session, words, run] { session.command = [&session, words, run] { return run(session, *words); }; });
  };
  auto listed = std::make_shared<std::string>();
  Command* list = command->add_subcommand("list", "Whom the model knows, and by how many examples");
  list->fallthrough();
  list->add_option("MODEL", *listed, "A saved model for identification")->required();
  list->callback(
      [&session, listed] { session.command = [&session, listed] { return list_gallery(session, *listed); }; });
  add("add", "Put examples to an identity, which is new or known", add_to_gallery, true);
  add("remove", "Forget an identity", remove_from_gallery, false);
  command->callback([command] {
    if (command->subcommand_given()) return;
    throw usage_error("gallery", "nothing to do with it", "enxerto gallery list MODEL, or add, or remove");
  });
}

}  // namespace enxerto::cli
