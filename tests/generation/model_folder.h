#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/files/json.h"
#include "enxerto/generation/language_model.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/zoo/formula.h"

namespace enxerto::testing {

/// A tokenizer.json of the words w0, w1 .., of which w0 stands for all others.
inline Json numbered_words(std::int64_t words) {
  Json vocabulary = Json::object();
  for (std::int64_t i = 0; i < words; ++i) vocabulary["w" + std::to_string(i)] = i;
  return {{"version", "1.0"},
          {"added_tokens", Json::array()},
          {"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "WhitespaceSplit"}}},
          {"post_processor", nullptr},
          {"decoder", nullptr},
          {"model", {{"type", "WordLevel"}, {"vocab", vocabulary}, {"unk_token", "w0"}}}};
}

/// A language model of tools/golden/generation.py, as `save_pretrained` leaves it.
class ModelFolder {
 public:
  explicit ModelFolder(const std::string& name)
      : golden_(read_json(std::filesystem::path(ENXERTO_TEST_DATA) / "generation" / (name + ".json"), 1 << 20)) {
    StateDict file;
    for (const auto& [tensor, row] : golden_.at("tensors").items()) {
      const auto shape = row.get<Shape>();
      file.set(tensor, formula::filled(tensor, shape, formula::range_of(tensor, shape)));
    }
    write_safetensors(folder_ / "model.safetensors", file);
    write("config.json", golden_.at("config"));
    write("generation_config.json", {{"eos_token_id", golden_.at("end")}});
    write("tokenizer.json", numbered_words(golden_.at("config").at("vocab_size").get<std::int64_t>()));
  }

  void write(const char* name, const Json& json) const { std::ofstream(folder_ / name) << json.dump(); }

  const Json& golden() const { return golden_; }
  std::string path() const { return folder_.path().string(); }
  LanguageModel open() const { return open_language_model(path()); }

 private:
  TemporaryDirectory folder_;
  Json golden_;
};

}  // namespace enxerto::testing
