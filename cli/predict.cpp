#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "commands.h"
#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/model/model.h"

namespace enxerto::cli {
namespace {

struct Options {
  std::string model, precision = "fp32", on_bad = "error";
  std::vector<std::string> files;
  int threads = 0;
  std::size_t top = 1;
};

/// The files that were named; "-" stands for the lines of standard input.
std::vector<std::filesystem::path> named_files(const std::vector<std::string>& words) {
  std::vector<std::filesystem::path> files;
  for (const std::string& word : words) {
    if (word != "-") {
      files.emplace_back(word);
      continue;
    }
    for (std::string line; std::getline(std::cin, line);) {
      if (!line.empty()) files.emplace_back(line);
    }
  }
  return files;
}

Json to_json(const PredictedExample& example) {
  if (!example.bad.empty()) return {{"file", example.id}, {"error", example.bad}};
  Json top = Json::array();
  for (const Prediction& one : example.best) top.push_back({{"label", one.label}, {"probability", one.probability}});
  return {{"file", example.id},
          {"label", example.best.front().label},
          {"probability", example.best.front().probability},
          {"top", top}};
}

void print_text(const PredictedExample& example) {
  std::string line = example.id;
  for (const Prediction& one : example.best) line += fmt::format("\t{}\t{:.4f}", one.label, one.probability);
  fmt::print("{}\n", line);
}

int predict(const Session& session, const Options& options) {
  const Model model = Model::load(
      options.model, {.threads = options.threads,
                      .precision = options.precision == "fp32" ? ModelPrecision::fp32 : ModelPrecision::as_trained});
  const DatasetPtr pictures = open_files(named_files(options.files), *session.progress);
  Json rows = Json::array();
  std::size_t bad = 0;
  model.predict(
      *pictures, options.top,
      [&](const PredictedExample& example) {
        if (!example.bad.empty()) {
          ++bad;
          if (options.on_bad == "error" && !session.json) fmt::print(stderr, "enxerto: {}\n", example.bad);
          if (options.on_bad == "skip") session.progress->notice(example.bad);
        }
        if (session.json) {
          rows.push_back(to_json(example));
        } else if (example.bad.empty()) {
          print_text(example);
        }
      },
      *session.progress);
  if (session.json) session.print({{"predictions", rows}});
  return bad > 0 && options.on_bad == "error" ? static_cast<int>(ErrorKind::data) : 0;
}

}  // namespace

void add_predict(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand("predict", "Name the class of pictures");
  auto options = std::make_shared<Options>();
  command->add_option("MODEL", options->model, "A saved model")->required();
  command
      ->add_option("FILE", options->files,
                   "Pictures and folders of pictures; - reads names from standard input, a line each")
      ->required();
  command->add_option("-k,--top", options->top, "How many classes a picture (1)")->check(CLI::PositiveNumber);
  command->add_option("--precision", options->precision, "fp32 | as-trained (fp32)")
      ->check(CLI::IsMember({"fp32", "as-trained"}));
  command
      ->add_option("--on-bad", options->on_bad,
                   "A picture that cannot be read: error (exit code 3, after all others) | skip")
      ->check(CLI::IsMember({"error", "skip"}));
  command->add_option("-t,--threads", options->threads, "Threads (all cores)")->check(CLI::NonNegativeNumber);
  command->callback(
      [&session, options] { session.command = [&session, options] { return predict(session, *options); }; });
}

}  // namespace enxerto::cli
