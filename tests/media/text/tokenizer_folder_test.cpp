#include "enxerto/media/text/tokenizer_folder.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/media/text/tokenizer.h"
#include "enxerto/media/text/usual_length.h"
#include "enxerto/media/text/vocabulary_fit.h"
#include "tests/media/text/tiny_tokenizer.h"

namespace enxerto {
namespace {

std::vector<std::uint32_t> ids_of(const Json& record, std::string_view text) {
  const Tokenizer tokenizer(record["tokenizer"].get<std::string>(), "tokenizer");
  const std::vector<std::string_view> texts{text};
  const EncodedText encoded = tokenizer.encode(texts, {}, "text");
  const auto ids = encoded.window(0).ids;
  return {ids.begin(), ids.end()};
}
using FolderIds = std::vector<std::uint32_t>;

std::string refusal(const testing::TokenizerFolder& folder) {
  try {
    (void)text_record(folder.path(), {});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return error.what();
  }
  return "";
}

TEST(TokenizerFolder, AVocabularyOfBertIsItsPipeline) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  EXPECT_TRUE(has_tokenizer(folder.path()));
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "THE films"), (FolderIds{2, 5, 6, 11, 3}));
}

TEST(TokenizerFolder, CaseAndAccentsStayWhereItsConfigSaysSo) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "THE ol\xC3\xA1"), (FolderIds{2, 1, 13, 3}));
}

TEST(TokenizerFolder, SpecialTokensMayHaveOtherNames) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", "<pad>\n<unk>\n<s>\n</s>\ngood\r\n");
  folder.write("tokenizer_config.json", R"({"cls_token": "<s>", "sep_token": {"content": "</s>"}})");
  folder.write("special_tokens_map.json", R"({"unk_token": "<unk>", "pad_token": "<pad>"})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "good bad"), (FolderIds{2, 4, 1, 3}));
}

constexpr std::string_view kBytes = R"({"<|endoftext|>": 0, "a": 1, "b": 2, "ab": 3, "Ġ": 4, "Ġab": 5})";

TEST(TokenizerFolder, VocabularyAndMergesAreGptsBytes) {
  testing::TokenizerFolder folder;
  folder.write("vocab.json", kBytes);
  folder.write("merges.txt", "#version: 0.2\na b\n\xC4\xA0 ab\n");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "ab ab<|endoftext|>"), (FolderIds{3, 5, 0}));
}

TEST(TokenizerFolder, VocabularyAndMergesWithAClassTokenAreRobertas) {
  testing::TokenizerFolder folder;
  folder.write("vocab.json", R"({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "b": 5, "ab": 6})");
  folder.write("merges.txt", "#version: 0.2\na b\n");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "ab"), (FolderIds{0, 6, 2}));
}

TEST(TokenizerFolder, AClassOfQwen2ComposesAndSplitsAsItDoes) {
  testing::TokenizerFolder folder;
  folder.write("vocab.json", R"({"<|endoftext|>": 0, "a": 1, "1": 2, "2": 3, "12": 4, "Ã": 5, "©": 6, "Ã©": 7})");
  folder.write("merges.txt", "1 2\nÃ ©\n");
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "GPT2Tokenizer"})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "12"), (FolderIds{4}));
  for (const char* const file : {R"({"tokenizer_class": "Qwen2Tokenizer"})", "{}"}) {
    folder.write("tokenizer_config.json", file);
    folder.write("config.json", R"({"model_type": "qwen2"})");
    EXPECT_EQ(ids_of(text_record(folder.path(), {}), "12e\xCC\x81<|endoftext|>"), (FolderIds{2, 3, 7, 0}));
  }
  folder.write("config.json", "{}");
  folder.write("tokenizer_config.json", R"({"tokenizer_class": "CodeGenTokenizerFast"})");
  EXPECT_NE(refusal(folder).find("'CodeGenTokenizer'"), std::string::npos) << refusal(folder);
}

TEST(TokenizerFolder, GptsTextsBeginWithATokenWhereItsConfigSaysSo) {
  testing::TokenizerFolder folder;
  folder.write("vocab.json", kBytes);
  folder.write("merges.txt", "#version: 0.2\na b\n\xC4\xA0 ab\n");
  folder.write("tokenizer_config.json", R"({"add_bos_token": true})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "ab"), (FolderIds{0, 3}));
  folder.write("tokenizer_config.json", R"({"add_bos_token": true, "add_eos_token": true})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "ab"), (FolderIds{0, 3, 0}));
}

TEST(TokenizerFolder, TokensBesideAVocabularyFollowIt) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  folder.write("added_tokens.json", R"({"<two>": 15, "<one>": 14, "film": 6})");
  folder.write("special_tokens_map.json", R"({"additional_special_tokens": ["<three>"]})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "the <TWO><one>good <three>"), (FolderIds{2, 5, 15, 14, 8, 16, 3}));
  folder.write("tokenizer_config.json",
               R"({"added_tokens_decoder": {"14": {"content": "<one>", "special": true, "rstrip": true}}})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "the <one> good"), (FolderIds{2, 5, 14, 8, 3}));
  folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"one": {"content": "<one>"}}})");
  EXPECT_NE(refusal(folder).find("tokens with their ids"), std::string::npos) << refusal(folder);
}

TEST(TokenizerFolder, ATokenizerFileGetsTheTokensAndTheCaseThatItsConfigStates) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  const std::string whole = text_record(folder.path(), {})["tokenizer"];
  folder.write("tokenizer.json", whole);
  folder.write("tokenizer_config.json",
               R"({"do_lower_case": true, "added_tokens_decoder": {"0": {"content": "[PAD]", "special": true}}})");
  EXPECT_EQ(text_record(folder.path(), {})["tokenizer"], whole);
  folder.write("tokenizer_config.json", R"({"added_tokens_decoder": {"14": {"content": "<one>", "special": true}}})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "THE<one>"), (FolderIds{2, 5, 14, 3}));
  folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "THE the"), (FolderIds{2, 1, 5, 3}));
  folder.write("tokenizer_config.json", R"({"do_lower_case": false, "tokenizer_class": "PreTrainedTokenizerFast"})");
  EXPECT_EQ(ids_of(text_record(folder.path(), {}), "THE the"), (FolderIds{2, 5, 5, 3}));
}

TEST(TokenizerFolder, TextsThatAreLowerCasedBeforeItNeedATokenizerThatDoes) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", std::string(testing::kTinyVocabulary) + "ABC\n");
  folder.write("sentence_bert_config.json", R"({"do_lower_case": true})");
  EXPECT_EQ(refusal(folder), "");
  folder.write("tokenizer_config.json", R"({"do_lower_case": false})");
  EXPECT_NE(refusal(folder).find("tells A from a"), std::string::npos) << refusal(folder);
}

TEST(TokenizerFolder, TheSmallestLengthHolds) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  const auto length = [&](std::int64_t positions) {
    return text_record(folder.path(), {.max_length = positions})["max_length"];
  };
  EXPECT_EQ(length(512), 512);
  folder.write("tokenizer_config.json", R"({"model_max_length": 1000000000000000019884624838656})");
  EXPECT_EQ(length(512), 512);
  EXPECT_EQ(length(0), 0);
  folder.write("tokenizer_config.json", R"({"model_max_length": 384, "truncation_side": "left"})");
  EXPECT_EQ(length(512), 384);
  EXPECT_EQ(length(100), 100);
  folder.write("sentence_bert_config.json", R"({"max_seq_length": 256, "do_lower_case": false})");
  EXPECT_EQ(length(512), 256);
  EXPECT_EQ(text_record(folder.path(), {})["truncation_side"], "left");
}

TEST(TokenizerFolder, InputsAreThoseThatTheNetworkHas) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  EXPECT_EQ(text_record(folder.path(), {})["inputs"], Json({"input_ids", "attention_mask"}));
  EXPECT_EQ(text_record(folder.path(), {.token_types = true, .pads = false})["inputs"],
            Json({"input_ids", "token_type_ids"}));
}

TEST(TokenizerFolder, ATokenizerFileComesFirstAndIsKeptAsItIs) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  folder.write("tokenizer.json", "{ }");
  EXPECT_EQ(text_record(folder.path(), {})["tokenizer"], "{ }");
}

TEST(TokenizerFolder, HowATokenizerFileCutsAndFillsUpIsNotTakenOver) {
  testing::TokenizerFolder folder;
  folder.write("tokenizer.json",
               R"({"version": "1.0", "truncation": {"max_length": 128, "stride": 0}, "padding": null, "model": {}})");
  const Json kept = Json::parse(text_record(folder.path(), {})["tokenizer"].get<std::string>());
  EXPECT_TRUE(kept.at("truncation").is_null());
  EXPECT_TRUE(kept.at("padding").is_null());
  EXPECT_EQ(kept.at("version"), "1.0");
  const std::string plain = R"({"truncation": null,  "padding":null, "model": {}})";
  folder.write("tokenizer.json", plain);
  EXPECT_EQ(text_record(folder.path(), {})["tokenizer"], plain);
}

TEST(TokenizerFolder, ANetworkOfLongTextsReadsTheUsualLengthUnlessAsked) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  const Json record = text_record(folder.path(), {.max_length = 8192});
  EXPECT_EQ(record["max_length"], 512);
  EXPECT_EQ(record["positions"], 8192);
  const PreprocessorPtr cut = preprocessor_from_record(record, "folder");
  EXPECT_EQ(note_of_length(*cut),
            "texts are cut to 512 tokens; the network reads up to 8,192 if asked to (max_length)");
  EXPECT_EQ(note_of_length(*patched(*cut, {{"max_length", 8192}}, "asked")), "");
  EXPECT_EQ(note_of_length(*preprocessor_from_record(text_record(folder.path(), {.max_length = 512}), "bert")), "");
}

TEST(TokenizerFolder, ATokenizerOfFarFewerIdsThanWordVectorsIsSaid) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  const PreprocessorPtr words = preprocessor_from_record(text_record(folder.path(), {}), "folder");  // 14 of them
  EXPECT_EQ(check_vocabulary(*words, 14, "network"), "");
  EXPECT_NE(check_vocabulary(*words, 30522, "network").find("14 ids, the network 30,522 word vectors"),
            std::string::npos);
  EXPECT_THROW((void)check_vocabulary(*words, 13, "network"), Error);
}

TEST(TokenizerFolder, ATemplateOfIdsOrTypesThatTheNetworkLacksIsRefused) {
  testing::TokenizerFolder folder;
  folder.write("vocab.txt", testing::kTinyVocabulary);
  const std::string whole = text_record(folder.path(), {})["tokenizer"];
  const auto fit = [&](const std::string& from, const std::string& to) -> std::string {
    std::string changed = whole;
    for (std::size_t at = 0; (at = changed.find(from, at)) != std::string::npos; at += to.size())
      changed.replace(at, from.size(), to);
    folder.write("tokenizer.json", changed);
    const PreprocessorPtr words = preprocessor_from_record(text_record(folder.path(), {}), "folder");
    try {
      return check_vocabulary(*words, 14, "network", 2);
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(fit("no such text", ""), "");
  EXPECT_NE(fit(R"("ids":[2])", R"("ids":[99])").find("the id 99 around texts next to a network with 14 word vectors"),
            std::string::npos);
  EXPECT_NE(fit(R"("type_id":0)", R"("type_id":7)").find("the type 7 next to a network with 2 token types"),
            std::string::npos);
  EXPECT_NE(fit(R"("type_id":1)", R"("type_id":2)").find("no pairs of texts for this network"), std::string::npos);
}

TEST(TokenizerFolder, WhatIsMissingOrMalformedIsNamed) {
  testing::TokenizerFolder folder;
  EXPECT_FALSE(has_tokenizer(folder.path()));
  EXPECT_NE(refusal(folder).find("no tokenizer"), std::string::npos);
  folder.write("vocab.json", kBytes);
  EXPECT_FALSE(has_tokenizer(folder.path()));
  folder.write("merges.txt", "a b c\n");
  EXPECT_NE(refusal(folder).find("merges.txt: line 1: 'a b c'"), std::string::npos) << refusal(folder);
  folder.write("vocab.txt", "one\ntwo\n");
  EXPECT_NE(refusal(folder).find("no token '[UNK]', the unk_token"), std::string::npos) << refusal(folder);
  folder.write("vocab.txt", "one\n\xFF\n");
  EXPECT_NE(refusal(folder).find("line 2 is not UTF-8"), std::string::npos) << refusal(folder);
}

}  // namespace
}  // namespace enxerto
