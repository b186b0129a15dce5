#include "predict_translations.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <span>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/files/read.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/translator.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 30, kLinesAtOnce = 256;

std::vector<std::string> lines_of(const std::string& file) {
  if (file != "-") return all_text_lines_of(read_text(file, kLargestFile, ErrorKind::data));
  const std::string all{std::istreambuf_iterator<char>(std::cin), {}};
  return all_text_lines_of(all);
}

Json json_of(const std::string& source, const Translation& translation, std::int64_t beams) {
  Json row{{"source", source},
           {"text", translation.text},
           {"tokens", translation.tokens.size()},
           {"ids", translation.tokens},
           {"source_tokens", translation.source_tokens},
           {"ended", translation.ended}};
  if (translation.cut > 0) row["source_tokens_cut"] = translation.cut;
  if (beams > 1) row["score"] = translation.score;
  return row;
}

}  // namespace

GenerationOptions generation_of(const TranslationOptions& options, const TranslationNetwork& network) {
  GenerationOptions generation;
  generation.beams = options.beams ? static_cast<std::int64_t>(*options.beams) : network.beams;
  generation.max_new_tokens =
      options.max_new_tokens ? static_cast<std::int64_t>(*options.max_new_tokens) : network.longest;
  if (generation.beams == 1 && options.length_penalty)
    throw usage_error("--length-penalty", "no effect without beams", "--beams above 1", "leave it out");
  generation.length_penalty = options.length_penalty.value_or(1);
  return generation;
}

bool translates(const std::string& model) { return is_translation_network(model); }

int predict_translations(const Session& session, const TranslationOptions& options) {
  if (options.format != "text" && options.format != "jsonl")
    throw usage_error("--format", fmt::format("'{}' of translations", options.format), "text or jsonl");
  TranslationNetwork network = load_translation_network(options.model);
  for (const std::string& note : network.notes) session.progress->notice(note);
  const GenerationOptions generation = generation_of(options, network);
  Translator translator(std::move(network), {.threads = options.threads, .streams = 1});
  Json rows = Json::array();
  std::vector<Translation> all;
  const Stopwatch watch;
  for (const std::string& file : options.files) {
    const std::vector<std::string> lines = lines_of(file);
    for (std::size_t begin = 0; begin < lines.size(); begin += kLinesAtOnce) {
      const auto part = std::span(lines).subspan(begin, std::min(kLinesAtOnce, lines.size() - begin));
      const std::string where = file == "-" ? "standard input" : file;
      const std::vector<Translation> translations = translator.translate(part, generation, where, *session.progress);
      for (std::size_t i = 0; i < part.size(); ++i) {
        if (session.json)
          rows.push_back(json_of(part[i], translations[i], generation.beams));
        else if (options.format == "jsonl")
          fmt::print("{}\n", json_of(part[i], translations[i], generation.beams).dump());
        else
          fmt::print("{}\n", translations[i].text);
      }
      std::fflush(stdout);
      all.insert(all.end(), translations.begin(), translations.end());
    }
  }
  for (const std::string& loss : losses_of(all, translator.network())) session.progress->notice(loss);
  std::size_t tokens = 0;
  for (const Translation& translation : all) tokens += translation.tokens.size();
  const double seconds = watch.seconds();
  const double rate = static_cast<double>(tokens) / seconds;
  if (session.json) session.print({{"translations", rows}, {"seconds", seconds}, {"tokens_per_second", rate}});
  if (session.verbose)
    session.progress->notice(fmt::format("{} in {:.2f} s: {:.1f} tokens/s", counted(tokens, "token"), seconds, rate));
  return 0;
}

}  // namespace enxerto::cli
