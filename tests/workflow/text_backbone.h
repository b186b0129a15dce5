#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "enxerto/graph/builder.h"
#include "enxerto/onnx/export.h"
#include "tests/engine/small_networks.h"
#include "tests/media/text/tiny_tokenizer.h"

namespace enxerto::testing {

/// An encoder of texts: a vector of 8 numbers for each word of the tiny vocabulary (`rows` of them), and one block.
inline Graph text_network(std::int64_t rows) {
  GraphBuilder net("words");
  const std::string ids = net.input("input_ids", {"batch", "tokens"}, DType::i64);
  const std::string mask = net.input("attention_mask", {"batch", "tokens"}, DType::i64);
  net.stage("embeddings");
  std::string x = net.add("Gather", "embeddings.word", {net.parameter("embeddings.word.weight", {rows, 8}), ids});
  const std::string seen = net.add("Cast", "mask.float", {mask}, {{"to", std::int64_t{1}}});
  const std::string last = net.constant(Tensor::of<std::int64_t>({1}, {2}));
  x = net.add("Mul", "embeddings.seen", {x, net.add("Unsqueeze", "mask.wide", {seen, last})});
  net.stage("block0");
  x = net.relu(net.dense(x, "block0.dense", 8), "block0.act");
  net.output(x, "last_hidden_state");
  return filled(std::move(net).finish());
}

/// The network as `folder`/words.onnx with vocab.txt next to it.
inline std::filesystem::path write_text_backbone(const std::filesystem::path& folder, std::int64_t rows = 14) {
  std::filesystem::create_directories(folder);
  write_onnx(text_network(rows), folder / "words.onnx", {.external = false, .metadata = {}});
  std::ofstream(folder / "vocab.txt", std::ios::binary) << kTinyVocabulary;
  return folder / "words.onnx";
}

/// `lines` reviews of the tiny vocabulary's words, "the film was goodly.<TAB>1": a table without header.
inline std::string tiny_reviews(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) {
    const bool good = i % 2 == 0;
    text += i % 3 == 0 ? "the films was " : "the film was the film ";
    for (int repeat = 0; repeat <= i % 4; ++repeat) text += good ? "good " : "bad ";
    text += std::to_string(i) + (good ? ".\t1\n" : ".\t0\n");
  }
  return text;
}

}  // namespace enxerto::testing
