#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/translation/translation_network.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

constexpr int kWidth = 8, kHidden = 12, kRows = 67;  // as translation/source.spm has pieces

/// A student of one layer on each side, in Marian's binary form.
class Student {
 public:
  explicit Student(int rows = kRows) {
    const std::vector<int> square{kWidth, kWidth}, row{1, kWidth};
    shapes_["Wemb"] = {rows, kWidth};
    shapes_["decoder_ff_logit_out_b"] = {1, rows};
    for (const std::string name : {"encoder_l1_self", "decoder_l1_context"}) {
      for (const char part : {'q', 'k', 'v', 'o'}) {
        shapes_[name + "_W" + part] = square;
        shapes_[name + "_b" + part] = row;
      }
      for (const char* part : {"_Wo_ln_scale", "_Wo_ln_bias"}) shapes_[name + part] = row;
    }
    for (const std::string name : {"encoder_l1_ffn", "decoder_l1_ffn"}) {
      shapes_[name + "_W1"] = {kWidth, kHidden};
      shapes_[name + "_b1"] = {1, kHidden};
      shapes_[name + "_W2"] = {kHidden, kWidth};
      for (const char* part : {"_b2", "_ffn_ln_scale", "_ffn_ln_bias"}) shapes_[name + part] = row;
    }
    for (const char* part : {"_W", "_Wf"}) shapes_[std::string("decoder_l1_rnn") + part] = square;
    for (const char* part : {"_bf", "_ffn_ln_scale", "_ffn_ln_bias"})
      shapes_[std::string("decoder_l1_rnn") + part] = row;
    std::filesystem::copy(std::filesystem::path(ENXERTO_TEST_DATA) / "translation/source.spm", folder_ / "vocab.spm");
  }

  void without(const std::string& name) { shapes_.erase(name); }
  void set(const std::string& key, const std::string& value) { settings_[key] = value; }

  std::filesystem::path write() const {
    std::string yaml, headers, names, sizes, data;
    for (const auto& [key, value] : settings_) yaml += key + ": " + value + "\n";
    yaml += '\0';
    const auto add = [&](const std::string& name, std::uint64_t type, const std::vector<int>& shape,
                         std::size_t bytes) {
      for (const std::uint64_t number : {name.size() + 1, type, static_cast<std::uint64_t>(shape.size()), bytes})
        headers += as_bytes(number);
      names += name + '\0';
      for (const int size : shape) sizes += as_bytes(static_cast<std::int32_t>(size));
    };
    for (const auto& [name, shape] : shapes_) {
      const auto count = static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(shape[1]);
      add(name, 0x404, shape, count * 4);
      for (std::size_t i = 0; i < count; ++i) data += as_bytes(0.01F * static_cast<float>(i % 7));
    }
    add("special:model.yml", 0x101, {static_cast<int>(yaml.size())}, yaml.size());
    const std::filesystem::path file = folder_ / "model.bin";
    std::ofstream(file, std::ios::binary) << as_bytes(std::uint64_t{1}) << as_bytes(std::uint64_t{shapes_.size() + 1})
                                          << headers << names << sizes << as_bytes(std::uint64_t{0}) << data << yaml;
    return file;
  }

  std::string refusal() const {
    try {
      (void)load_translation_network(write());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      return error.what();
    }
    ADD_FAILURE() << "read";
    return "";
  }

 private:
  template <typename T>
  static std::string as_bytes(T value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
  }

  testing::TemporaryDirectory folder_;
  std::map<std::string, std::vector<int>> shapes_;
  std::map<std::string, std::string> settings_{{"type", "transformer"},
                                               {"dim-emb", std::to_string(kWidth)},
                                               {"enc-depth", "1"},
                                               {"dec-depth", "1"},
                                               {"dec-cell", "ssru"},
                                               {"transformer-heads", "2"},
                                               {"transformer-dim-ffn", std::to_string(kHidden)},
                                               {"transformer-ffn-activation", "relu"},
                                               {"transformer-decoder-autoreg", "rnn"},
                                               {"transformer-preprocess", "\"\""},
                                               {"transformer-postprocess", "dan"}};
};

TEST(OwnMarian, IsReadByItsSettingsAndTensors) {
  const Student student;
  const std::filesystem::path file = student.write();
  EXPECT_TRUE(is_translation_network(file));
  EXPECT_TRUE(is_translation_network(file.parent_path()));
  const TranslationNetwork network = load_translation_network(file.parent_path());
  EXPECT_EQ(network.begin, -1);
  EXPECT_EQ(network.graph.parameters.at("decoder.0.mlp.fc1.weight").shape(), (Shape{kHidden, kWidth}));
  EXPECT_EQ(network.graph.parameters.at("encoder.0.attn.qkv.weight").shape(), (Shape{3 * kWidth, kWidth}));
}

TEST(OwnMarian, WithAMissingTensorNamesIt) {
  Student student;
  student.without("decoder_l1_rnn_Wf");
  EXPECT_NE(student.refusal().find("decoder.0.rnn.gate.weight"), std::string::npos);
}

TEST(OwnMarian, ThatIsBuiltOtherwiseIsRefusedByTheSetting) {
  Student before;
  before.set("transformer-preprocess", "n");
  EXPECT_NE(before.refusal().find("transformer-preprocess: 'n'"), std::string::npos);
  Student cell;
  cell.set("dec-cell", "gru");
  EXPECT_NE(cell.refusal().find("dec-cell"), std::string::npos);
  Student other;
  other.set("type", "amun");
  EXPECT_NE(other.refusal().find("type: 'amun'"), std::string::npos);
}

TEST(OwnMarian, WithoutPiecesBesideItSaysWhichAreMissing) {
  const Student student;
  const std::filesystem::path file = student.write(), folder = file.parent_path();
  std::filesystem::remove(folder / "vocab.spm");
  EXPECT_TRUE(is_translation_network(file));
  EXPECT_NE(student.refusal().find("no SentencePiece model; expected the .spm"), std::string::npos)
      << student.refusal();
  std::ofstream(folder / "config.yml") << "models:\n  - model.bin\nvocabs:\n  - vocab.enpt.spm\n";
  EXPECT_NE(student.refusal().find("(vocab.enpt.spm, of config.yml)"), std::string::npos) << student.refusal();
}

TEST(OwnMarian, WhoseVocabularyIsCutOffOrAnothersIsRefusedByName) {
  const std::string fewer = Student(kRows + 8).refusal(), more = Student(kRows - 8).refusal();
  EXPECT_NE(fewer.find("vocab.spm: 67 pieces, and the network has 75 words: the vocabulary is cut off"),
            std::string::npos)
      << fewer;
  EXPECT_NE(more.find("67 pieces, and the network has 59 words: the vocabulary is another network's"),
            std::string::npos)
      << more;
}

}  // namespace
}  // namespace enxerto
