#include "predict_translations.h"

#include <cstddef>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/generation/translator.h"
#include "standard_error.h"
#include "translated_lines.h"

namespace enxerto::cli {
namespace {

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

namespace {

/// Writes translations as they come, and keeps what is said in the end.
class TranslationWriter {
 public:
  TranslationWriter(const Session& session, const TranslationOptions& options, Translator& translator,
                    const GenerationOptions& generation)
      : session_(session), options_(options), translator_(translator), generation_(generation) {}

  void write(std::span<const SourceLine> lines, const std::string& where) {
    std::vector<std::string> texts;
    for (const SourceLine& line : lines) texts.push_back(line.text);
    const std::vector<Translation> translations = translator_.translate(texts, generation_, where, *session_.progress);
    for (std::size_t i = 0; i < lines.size(); ++i) write(lines[i], translations[i]);
    std::fflush(stdout);
    all_.insert(all_.end(), translations.begin(), translations.end());
    if (sources_.size() < kRemembered) sources_.insert(sources_.end(), texts.begin(), texts.end());
  }

  int finish(double seconds) {
    for (const std::string& loss : losses_of(all_, translator_.network())) session_.progress->notice(loss);
    if (const std::string other = suspected_language(sources_, all_); !other.empty()) session_.progress->notice(other);
    std::size_t tokens = 0;
    for (const Translation& translation : all_) tokens += translation.tokens.size();
    const double rate = static_cast<double>(tokens) / seconds;
    if (session_.json) session_.print({{"translations", rows_}, {"seconds", seconds}, {"tokens_per_second", rate}});
    if (session_.verbose)
      session_.progress->notice(
          fmt::format("{} in {:.2f} s: {:.1f} tokens/s", counted(tokens, "token"), seconds, rate));
    return bad_ > 0 ? static_cast<int>(ErrorKind::data) : 0;
  }

 private:
  static constexpr std::size_t kRemembered = 1000;  // sources, to tell their language by

  void write(const SourceLine& line, const Translation& translation) {
    const Json row = line.bad.empty() ? json_of(line.text, translation, generation_.beams)
                                      : Json{{"line", line.number}, {"error", line.bad}};
    if (!line.bad.empty()) {
      ++bad_;
      if (!session_.json) tell(fmt::format("enxerto: {}\n", line.bad));
    }
    if (session_.json)
      rows_.push_back(row);
    else
      fmt::print("{}\n", options_.format == "jsonl" ? row.dump() : translation.text);
  }

  const Session& session_;
  const TranslationOptions& options_;
  Translator& translator_;
  const GenerationOptions& generation_;
  Json rows_ = Json::array();
  std::vector<Translation> all_;
  std::vector<std::string> sources_;
  std::size_t bad_ = 0;
};

}  // namespace

int predict_translations(const Session& session, const TranslationOptions& options) {
  if (options.format != "text" && options.format != "jsonl")
    throw usage_error("--format", fmt::format("'{}' of translations", options.format), "text or jsonl");
  TranslationNetwork network = load_translation_network(options.model);
  for (const std::string& note : network.notes) session.progress->notice(note);
  const GenerationOptions generation = generation_of(options, network);
  Translator translator(std::move(network), {.threads = options.threads, .streams = 1});
  TranslationWriter writer(session, options, translator, generation);
  const Stopwatch watch;
  for (const std::string& file : options.files) {
    const std::string where = file == "-" ? "standard input" : file;
    for_each_lines(file, *session.progress, [&](std::span<const SourceLine> lines) { writer.write(lines, where); });
  }
  return writer.finish(watch.seconds());
}

}  // namespace enxerto::cli
