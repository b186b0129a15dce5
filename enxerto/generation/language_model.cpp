#include "enxerto/generation/language_model.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/generation/scoring_network.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/lora.h"
#include "enxerto/heads/language_model_head.h"
#include "enxerto/media/text/text_record.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/model/task_of.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/peft_adapter.h"
#include "enxerto/pretrained/writing_facts.h"
#include "enxerto/transfer/causality.h"
#include "enxerto/transfer/graft.h"

namespace enxerto {
namespace {

/// How texts end where no file says it: GPT-2 and Pythia, Llama 2 and 3, SmolLM2 and Qwen.
constexpr std::array<std::string_view, 6> kUsualEnds{"<|endoftext|>", "</s>",       "<|end_of_text|>",
                                                     "<|im_end|>",    "<|eot_id|>", "<eos>"};

/// The words that score are read here, though the backbone has left them out.
bool is_note_of_rest(const std::string& note) {
  return note.starts_with("left out what is not in") || note.starts_with("removed the prefix");
}

/// Names what reads the texts.
void set_tokenizer(LanguageModel& model, const Preprocessor& preprocessor) {
  Json record = preprocessor.record();
  const std::string kind = record.value("kind", "");
  if (kind == "translation")
    throw usage_error(model.name, "it translates", "a language model", "predict MODEL FILE translates lines");
  if (kind != "text") throw usage_error(model.name, "it reads no texts", "a language model");
  record.erase("kind");
  const TextPreprocess text = text_preprocess_from_json(record, model.name);
  model.tokenizer = shared_tokenizer(text.tokenizer, model.name);
  model.context = text.positions;
}

void set_ends(LanguageModel& model) {
  if (model.ends.empty())
    for (const std::string_view piece : kUsualEnds)
      if (const std::optional<std::uint32_t> id = model.tokenizer->id_of(piece)) model.ends.push_back(*id);
  const std::int64_t words = model.scores.outputs.front().shape.back().size;
  std::erase_if(model.ends, [&](std::int64_t id) { return id >= words; });
}

LanguageModel saved(const std::filesystem::path& path) {
  const Bundle bundle = read_bundle(path);
  const TaskPtr task = task_of(bundle, task_file(path));
  if (!task->kind().foretells)
    throw usage_error(path.string(), fmt::format("a model for {}", task->kind().title), "a language model",
                      "one that `enxerto train --task language_modelling` saved");
  return language_model(path.string(), bundle.graph, *bundle.preprocessor);
}

/// The head that scores words, by the file's own matrix or the table of word vectors.
Graph with_words(const Backbone& backbone) {
  const HeadFeatures features = before_head(backbone.graph);
  const Blueprint head = language_model_head(backbone.graph, features);
  StateDict parameters;
  Shape table;
  for (const ParameterSpec& spec : head.parameters) {
    const Tensor* const known = backbone.graph.parameters.find(spec.name);
    if (known != nullptr) table = spec.shape;
    if (spec.shape.size() == 1)
      parameters.set(spec.name,
                     Tensor::of<float>(spec.shape, std::vector<float>(static_cast<std::size_t>(spec.shape[0]), 0.0F)));
    else if (known != nullptr)
      parameters.set(spec.name, *known);
  }
  if (table.empty())
    throw usage_error(backbone.spec.name, "its states are not as wide as its word vectors, so it scores no words",
                      "a language model",
                      "make one of it: enxerto train TEXT --task language_modelling --backbone " + backbone.spec.name);
  Graph whole = graft_head(backbone.graph, head, parameters);
  if (const std::optional<Tensor> own = output_words(backbone, table)) {
    whole.parameters.set("head.words.weight", *own);
    for (Node& node : whole.nodes)
      if (node.name == "head.transposed") node.inputs[0] = "head.words.weight";
  }
  return whole;
}

/// Of a file of recurrent layers, where its end is textgenrnn's.
LanguageModel windowed(LanguageModel model, const Backbone& backbone) {
  model.window = scored_words(backbone);
  if (!model.window)
    throw usage_error(model.name, "the layer that scores words is not read of such files of recurrent networks",
                      "a saved language model, textgenrnn's file, or GPT-2, GPT-NeoX, Llama or Qwen2",
                      fmt::format("enxerto train TEXT --task language_modelling --backbone {}", backbone.weights_file));
  model.notes = backbone.notes;
  std::erase_if(model.notes, is_note_of_rest);
  model.notes.insert(model.notes.end(), model.window->notes.begin(), model.window->notes.end());
  if (const std::optional<std::uint32_t> border = model.tokenizer->id_of("<s>")) model.ends.push_back(*border);
  return model;
}

LanguageModel published(const std::string& name) {
  const Backbone backbone = load_backbone(name);
  LanguageModel model{.name = backbone.spec.name, .scores = {}, .tokenizer = nullptr};
  set_tokenizer(model, *backbone.spec.preprocessor);
  if (backbone.spec.naming == "recurrent") return windowed(std::move(model), backbone);
  require_causal(backbone.graph, name);
  model.scores = scoring_network(with_words(backbone));
  WritingFacts facts = writing_facts(backbone.weights_file);
  model.ends = std::move(facts.ends);
  model.chat_template = std::move(facts.chat_template);
  model.special = std::move(facts.special);
  model.notes = backbone.notes;
  // Prompts are not cut.
  const std::string length = note_of_length(*backbone.spec.preprocessor);
  std::erase_if(model.notes, [&](const std::string& note) { return note == length || is_note_of_rest(note); });
  set_ends(model);
  return model;
}

}  // namespace

LanguageModel language_model(const std::string& name, const Graph& network, const Preprocessor& preprocessor) {
  LanguageModel model{.name = name, .scores = {}, .tokenizer = nullptr};
  set_tokenizer(model, preprocessor);
  model.scores = scoring_network(network);
  set_ends(model);
  return model;
}

LanguageModel open_language_model(const std::string& name) { return is_bundle(name) ? saved(name) : published(name); }

void merge_adapter(LanguageModel& model, const std::filesystem::path& folder) {
  if (model.window)
    throw usage_error(folder.string(), "an adapter for a network of recurrent layers",
                      "GPT-2, GPT-NeoX, Llama or Qwen2", "leave it out");
  const PeftAdapter adapter = read_peft(folder, model.scores);
  if (!adapter.note.empty()) model.notes.push_back(adapter.note);
  for (const auto& [name, tensor] : merged_lora(model.scores, adapter.adapters, adapter.scale))
    model.scores.parameters.set(name, tensor);
}

std::vector<std::int64_t> prompt_tokens(const LanguageModel& model, std::string_view text, std::string_view where,
                                        bool begun) {
  const EncodedText encoded = model.tokenizer->encode({&text, 1}, {.template_tokens = begun}, where);
  const TokenWindow window = encoded.window(0);
  std::vector<std::int64_t> ids(window.ids.begin(), window.ids.end());
  const bool blank = std::ranges::all_of(window.special, [](std::uint32_t mark) { return mark != 0; });
  while (!blank && begun && window.special[ids.size() - 1] != 0) ids.pop_back();
  if (ids.empty() && !model.ends.empty()) ids.push_back(model.ends.front());
  if (ids.empty())
    throw data_error(std::string(where), "an empty prompt", "at least one word, as no token begins a text");
  return ids;
}

}  // namespace enxerto
