#include <filesystem>
#include <memory>

#include <fmt/core.h>

#include "commands.h"
#include "enxerto/base/quantity.h"
#include "enxerto/pretrained/find_weights.h"
#include "enxerto/pretrained/preprocess_name.h"
#include "enxerto/pretrained/pull_weights.h"
#include "enxerto/pretrained/spec.h"
#include "text.h"

namespace enxerto::cli {
namespace {

/// Where the weights are on this machine; "" where they are not.
std::filesystem::path found_at(const PretrainedSpec& spec) {
  const std::vector<FoundWeights> found = weight_candidates({spec});
  return found.empty() ? std::filesystem::path() : found.front().file;
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code failure;
  const auto bytes = std::filesystem::file_size(file, failure);
  return failure ? 0 : bytes;
}

Json row_json(const PretrainedSpec& spec, const std::filesystem::path& file) {
  return {{"name", spec.name},
          {"source", spec.source},
          {"size", input_size(*spec.preprocessor)},
          {"preprocess", spec.preprocessor->record()},
          {"preprocess_name", preprocess_name(*spec.preprocessor)},
          {"classes", spec.outputs},
          {"figure", spec.figure},
          {"licence", spec.licence},
          {"sha256", spec.sha256},
          {"md5", spec.md5},
          {"file", spec.file},
          {"bytes", file.empty() ? Json() : Json(size_of(file))},
          {"address", spec.address},
          {"found", file.string()}};
}

std::vector<std::string> row_text(const PretrainedSpec& spec, const std::filesystem::path& file) {
  return {spec.name,
          spec.source,
          spec.preprocessor->summary(),
          preprocess_name(*spec.preprocessor),
          fmt::format("{}", spec.outputs),
          spec.figure,
          spec.licence,
          file.empty() ? "" : format_bytes(size_of(file)),
          file.empty() ? "not downloaded" : file.parent_path().string()};
}

int list_models(const Session& session) {
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{
      {"name", "weights", "input", "preprocessing", "classes", "figure", "licence", "file", "where"}};
  for (const PretrainedSpec& spec : pretrained_models()) {
    const std::filesystem::path file = found_at(spec);
    list.push_back(row_json(spec, file));
    rows.push_back(row_text(spec, file));
  }
  if (session.json) {
    session.print({{"models", list}});
  } else {
    fmt::print("{}To download weights: enxerto models pull NAME; to use your own: --weights FILE.\n", table(rows));
  }
  return 0;
}

int pull_model(const Session& session, const std::string& name, const PullOptions& options) {
  const PulledWeights pulled = pull_weights(name, options, *session.progress);
  if (session.json) {
    session.print({{"name", pulled.name},
                   {"source", pulled.source},
                   {"path", pulled.path.string()},
                   {"sha256", pulled.sha256},
                   {"fetched", pulled.fetched}});
  } else {
    fmt::print("{}{}\n", pulled.fetched ? "" : "already downloaded: ", pulled.path.string());
  }
  return 0;
}

void add_pull(Command& models, Session& session) {
  struct Words {
    std::string name;
    PullOptions options;
  };
  auto words = std::make_shared<Words>();
  Command* command = models.add_subcommand("pull", "Download weights, for later use without an internet connection");
  command->fallthrough();
  command->add_option("NAME", words->name, "A name from the list, or ORGANISATION/MODEL on the Hugging Face Hub")
      ->required();
  command->add_option("--source", words->options.source, "Source of the weights, as the list names it");
  command->add_option("--revision", words->options.revision, "For a model on the hub: branch, tag or commit (main)");
  command->callback([&session, words] {
    session.command = [&session, words] { return pull_model(session, words->name, words->options); };
  });
}

}  // namespace

void add_models(Command& app, Session& session) {
  Command* command = app.add_subcommand("models", "List the known pretrained networks, or download weights");
  add_pull(*command, session);
  command->callback([&session, command] {
    // Runs after that of the subcommand, whose word it is.
    if (!command->subcommand_given()) session.command = [&session] { return list_models(session); };
  });
}

}  // namespace enxerto::cli
