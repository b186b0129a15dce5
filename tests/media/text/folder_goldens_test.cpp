#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "enxerto/base/error.h"
#include "enxerto/media/text/sentencepiece_file.h"
#include "enxerto/media/text/tokenizer.h"
#include "enxerto/media/text/tokenizer_folder.h"
#include "tests/media/text/tiny_tokenizer.h"

namespace enxerto {
namespace {

std::string content_of(const std::string& name) {
  std::ifstream file(std::string(ENXERTO_TEST_DATA) + "/text/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A number of tests/golden/text/folders.json, which tools/golden/tokenizer_folders.py makes with transformers.
class FolderGolden : public ::testing::TestWithParam<int> {};

TEST_P(FolderGolden, IsReadAsTransformersReadsIt) {
  const Json golden = parse_json(content_of("folders.json"), "folders.json").at(static_cast<std::size_t>(GetParam()));
  const testing::TokenizerFolder folder;
  folder.write("tokenizer_config.json", golden["config"].dump());
  for (const auto& [name, text] : golden["files"].items())
    folder.write(name, name.ends_with(".model") ? content_of(text) : text.get<std::string>());
  const Tokenizer tokenizer(text_record(folder.path(), {})["tokenizer"].get<std::string>(), "tokenizer");
  for (const Json& known : golden["cases"]) {
    const std::vector<std::string> texts = known["texts"];
    const EncodedText encoded = tokenizer.encode(std::vector<std::string_view>(texts.begin(), texts.end()), {}, "text");
    const TokenWindow window = encoded.window(0);
    Json offsets = Json::array();
    for (std::size_t i = 0; i < window.size(); ++i)
      offsets.push_back({window.offsets[i * 2], window.offsets[i * 2 + 1]});
    EXPECT_EQ(Json(std::vector(window.ids.begin(), window.ids.end())).dump(), known["ids"].dump())
        << golden["config"].dump() << known["texts"].dump();
    EXPECT_EQ(Json(std::vector(window.type_ids.begin(), window.type_ids.end())).dump(), known["types"].dump());
    EXPECT_EQ(offsets.dump(), known["offsets"].dump()) << golden["config"].dump() << known["texts"].dump();
  }
}
INSTANTIATE_TEST_SUITE_P(Folders, FolderGolden, ::testing::Range(0, 6));

std::string refusal_of_folder(const testing::TokenizerFolder& folder) {
  try {
    (void)text_record(folder.path(), {});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return error.what();
  }
  return "";
}

TEST(SentencePieceFile, ADamagedOneIsNamed) {
  const testing::TokenizerFolder folder;
  folder.write("config.json", R"({"model_type": "t5"})");
  const std::string whole = content_of("unigram.model");
  ASSERT_GT(whole.size(), 400U);
  folder.write("spiece.model", whole);
  EXPECT_EQ(refusal_of_folder(folder), "");
  folder.write("spiece.model", whole.substr(0, whole.size() - 7));
  EXPECT_NE(refusal_of_folder(folder).find("spiece.model: damaged"), std::string::npos) << refusal_of_folder(folder);
  folder.write("spiece.model", "");
  EXPECT_NE(refusal_of_folder(folder).find("no pieces"), std::string::npos) << refusal_of_folder(folder);
  for (std::size_t size = 0; size < whole.size(); size += 37) {
    folder.write("spiece.model", whole.substr(0, size));
    (void)refusal_of_folder(folder);
  }
}

TEST(SentencePieceFile, OfAFamilyThatIsNotKnownIsRefusedWithAWayOut) {
  const testing::TokenizerFolder folder;
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "AlbertTokenizer"})");
  folder.write("spiece.model", content_of("unigram.model"));
  EXPECT_NE(refusal_of_folder(folder).find("AlbertTokenizer"), std::string::npos);
  EXPECT_NE(refusal_of_folder(folder).find("save_pretrained"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
