#include "enxerto/pretrained/translation/marian_settings.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"

namespace enxerto {
namespace {

using Settings = std::map<std::string, std::string>;

/// The lines "key: value" of a YAML file without nesting; those of lists are passed over.
Settings settings_in(std::string_view text) {
  Settings found;
  for_each_line(text, [&](std::string_view line, std::size_t) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with(' ') || line.starts_with('-')) return;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\r')) value.remove_suffix(1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    found.emplace(std::string(line.substr(0, colon)), std::string(value));
  });
  return found;
}

/// What must be so where it is said.
struct Wanted {
  std::string_view key;
  std::array<std::string_view, 2> values;
};
constexpr std::array<Wanted, 11> kWanted{{{"type", {"transformer", "transformer"}},
                                          {"transformer-preprocess", {"", ""}},
                                          {"transformer-postprocess", {"dan", "an"}},
                                          {"transformer-postprocess-emb", {"d", ""}},
                                          {"transformer-postprocess-top", {"", ""}},
                                          {"transformer-decoder-autoreg", {"self-attention", "rnn"}},
                                          {"transformer-ffn-depth", {"2", "2"}},
                                          {"transformer-no-projection", {"false", "false"}},
                                          {"transformer-train-position-embeddings", {"false", "false"}},
                                          {"lemma-dim-emb", {"0", "0"}},
                                          {"dec-cell-base-depth", {"2", "2"}}}};

class SettingsReader {
 public:
  SettingsReader(Settings settings, const StateDict& tensors, std::string_view where)
      : settings_(std::move(settings)), tensors_(tensors), where_(where) {}

  MarianConfig config() const {
    for (const Wanted& wanted : kWanted) require(wanted);
    MarianConfig config;
    config.sizes.width = number("dim-emb");
    config.sizes.depth = number("enc-depth");
    config.sizes.heads = config.decoder_heads = number("transformer-heads");
    config.sizes.hidden = number("transformer-dim-ffn");
    config.decoder_hidden = number("transformer-decoder-dim-ffn", config.sizes.hidden);
    config.decoder_depth = number("dec-depth");
    config.recurrent = word("transformer-decoder-autoreg", "self-attention") == "rnn";
    if (config.recurrent && word("dec-cell", "") != "ssru") fail("dec-cell", "ssru");
    const std::string activation = word("transformer-ffn-activation", "swish");
    if (activation != "swish" && activation != "relu") fail("transformer-ffn-activation", "swish or relu");
    config.activation = activation == "relu" ? BlockActivation::relu : BlockActivation::silu;
    const bool one_table = tensors_.contains("Wemb");
    config.sizes.vocabulary = rows(one_table ? "Wemb" : "encoder_Wemb");
    if (!one_table) config.target_vocabulary = rows("decoder_Wemb");
    config.own_output = tensors_.contains("decoder_ff_logit_out_W") || tensors_.contains("decoder_ff_logit_out_Wt");
    config.positions_to_the_end = config.begins_with_nothing = true;
    config.epsilon = 1e-6F;
    return config;
  }

 private:
  [[noreturn]] void fail(std::string_view key, std::string expected) const {
    throw weights_error(std::string(where_), fmt::format("{}: '{}'", key, word(key, "missing")), std::move(expected),
                        "a Transformer of Marian with normalisation behind each branch, as opus-mt and its students");
  }

  std::string word(std::string_view key, std::string_view fallback) const {
    const auto found = settings_.find(std::string(key));
    return found == settings_.end() ? std::string(fallback) : found->second;
  }

  void require(const Wanted& wanted) const {
    const std::string is = word(wanted.key, wanted.values[0]);
    if (is != wanted.values[0] && is != wanted.values[1]) fail(wanted.key, fmt::format("'{}'", wanted.values[0]));
  }

  std::int64_t number(std::string_view key, std::int64_t fallback = 0) const {
    const std::string text = word(key, "");
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool given = error == std::errc() && end == text.data() + text.size();
    if (given && value > 0) return value;
    if (fallback == 0) fail(key, "a number above 0");
    return fallback;
  }

  std::int64_t rows(const std::string& name) const {
    const Tensor* const table = tensors_.find(name);
    if (table == nullptr || table->shape().size() != 2)
      throw weights_error(std::string(where_), fmt::format("no matrix {}", name), "the word vectors");
    return table->shape()[0];
  }

  Settings settings_;
  const StateDict& tensors_;
  std::string_view where_;
};

}  // namespace

MarianConfig marian_config(std::string_view settings, const StateDict& tensors, std::string_view where) {
  return SettingsReader(settings_in(settings), tensors, where).config();
}

}  // namespace enxerto
