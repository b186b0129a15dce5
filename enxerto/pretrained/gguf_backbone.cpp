#include "enxerto/pretrained/gguf_backbone.h"

#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/byte_pair_vocabulary.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "enxerto/pretrained/file_digests.h"
#include "enxerto/pretrained/filled_backbone.h"
#include "enxerto/pretrained/hub/gguf_config.h"
#include "enxerto/pretrained/hub/token_network.h"
#include "enxerto/weights/gguf/gguf.h"
#include "enxerto/weights/read_weights.h"

namespace enxerto {
namespace {

std::optional<std::uint32_t> id_at(const GgufHeader& header, std::string_view key) {
  const auto* const id = header.find<std::uint64_t>(key);
  if (id == nullptr || *id > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*id);
}

std::optional<bool> flag_at(const GgufHeader& header, std::string_view key) {
  const auto* const flag = header.find<bool>(key);
  return flag == nullptr ? std::nullopt : std::optional(*flag);
}

template <typename T>
T list_at(const GgufHeader& header, std::string_view key) {
  const T* const list = header.find<T>(key);
  return list == nullptr ? T() : *list;
}

std::string tokenizer_of(const GgufHeader& header, const std::string& where) {
  const auto* const model = header.find<std::string>("tokenizer.ggml.model");
  if (model == nullptr || *model != "gpt2")
    throw weights_error(where,
                        model == nullptr
                            ? "has no tokenizer: tokenizer.ggml.model is missing"
                            : fmt::format("has a tokenizer of the kind '{}'", as_utf8(model->substr(0, 80))),
                        "gpt2, byte-level BPE", "take this network's folder of transformers, with its tokenizer.json");
  const auto* const rule = header.find<std::string>("tokenizer.ggml.pre");
  return tokenizer_json({.pieces = list_at<std::vector<std::string>>(header, "tokenizer.ggml.tokens"),
                         .merges = list_at<std::vector<std::string>>(header, "tokenizer.ggml.merges"),
                         .kinds = list_at<std::vector<std::int64_t>>(header, "tokenizer.ggml.token_type"),
                         .rule = rule == nullptr ? "" : *rule,
                         .begin = id_at(header, "tokenizer.ggml.bos_token_id"),
                         .end = id_at(header, "tokenizer.ggml.eos_token_id"),
                         .adds_begin = flag_at(header, "tokenizer.ggml.add_bos_token"),
                         .adds_end = flag_at(header, "tokenizer.ggml.add_eos_token")},
                        where);
}

}  // namespace

bool is_gguf_file(const std::filesystem::path& path) {
  return is_file(path) && looks_like_gguf(MappedFile(path, ErrorKind::weights).bytes());
}

Backbone gguf_backbone(const std::filesystem::path& file, const LoadOptions& /*options*/) {
  const std::string where = file.string();
  const MappedFile mapped(file, ErrorKind::weights);
  const GgufHeader header =
      read_gguf_header({.bytes = mapped.bytes(), .owner = mapped.share(0), .where = where, .path = file});
  const WeightFile weights = read_weights(file);
  const TokenNetwork network = token_network(gguf_config(header, weights.tensors, where)).value();
  PretrainedSpec spec;
  spec.preprocessor = text_preprocessor({.tokenizer = tokenizer_of(header, where),
                                         .max_length = usual_max_length(network.longest),
                                         .positions = network.longest},
                                        where);
  const std::string unlike = check_vocabulary(*spec.preprocessor, network.vocabulary, where);
  spec.name = file.stem().string();
  spec.architecture = network.blueprint.graph.name;
  spec.source = "own";
  spec.naming = "gguf";
  spec.file = file.filename().string();
  if (const auto* const licence = header.find<std::string>("general.license")) spec.licence = as_utf8(*licence);
  Backbone backbone = filled_backbone(std::move(spec), network.blueprint, weights, {.file = where});
  backbone.pool = network.pool;
  for (const std::string& note : {unlike, note_of_length(*backbone.spec.preprocessor)})
    if (!note.empty()) backbone.notes.push_back(note);
  backbone.sha256 = file_digests(file, false).sha256;
  if (weights.tensors.contains("output.weight")) {
    backbone.left_out.emplace_back("output");
    backbone.notes.emplace_back("left out what is not in the network: output.weight");
  }
  return backbone;
}

}  // namespace enxerto
