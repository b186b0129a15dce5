#pragma once
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/weights/safetensors.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/zoo/formula.h"

namespace enxerto {

/// A network of tools/golden/translation.py, as `save_pretrained` leaves it.
class TranslationFolder {
 public:
  explicit TranslationFolder(const std::string& name)
      : golden_(read_json(source() / (name + ".json"), std::size_t{1} << 20)) {
    StateDict file;
    for (const auto& [tensor, row] : golden_.at("tensors").items()) {
      const auto shape = row.get<Shape>();
      file.set(tensor, formula::filled(tensor, shape, formula::range_of(tensor, shape)));
    }
    write_safetensors(folder_ / "model.safetensors", file);
    std::ofstream(folder_ / "config.json") << golden_.at("config").dump();
    if (golden_.at("config").at("model_type") == "marian") {
      const std::int64_t pad = golden_.at("config").at("pad_token_id");
      std::ofstream(folder_ / "generation_config.json")
          << Json{{"forced_eos_token_id", 0}, {"bad_words_ids", {{pad}}}, {"num_beams", 4}}.dump();
      copy({"source.spm", "target.spm", "vocab.json"});
    } else {
      copy({"spiece.model"});
    }
  }

  const Json& golden() const { return golden_; }
  std::filesystem::path path() const { return folder_.path(); }

 private:
  void copy(std::initializer_list<const char*> files) const {
    for (const char* file : files) std::filesystem::copy(source() / file, folder_ / file);
  }

  static std::filesystem::path source() { return std::filesystem::path(ENXERTO_TEST_DATA) / "translation"; }

  Json golden_;
  testing::TemporaryDirectory folder_;
};

/// Rows of whole numbers, of one length.
inline Tensor numbers_in(const Json& rows) {
  std::vector<std::int64_t> values;
  for (const Json& row : rows)
    for (const Json& value : row) values.push_back(value);
  return Tensor::of<std::int64_t>(
      {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.at(0).size())}, values);
}

}  // namespace enxerto
