#pragma once
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace enxerto::testing {

/// A folder of its own that goes with it.
class TokenizerFolder {
 public:
  TokenizerFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "enxerto_text_XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  TokenizerFolder(const TokenizerFolder&) = delete;
  TokenizerFolder& operator=(const TokenizerFolder&) = delete;
  ~TokenizerFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

/// A vocab.txt: [PAD] is 0, [CLS] 2, [SEP] 3.
inline constexpr std::string_view kTinyVocabulary =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\ngood\nbad\n##ly\n##s\n.\nol\xC3\xA1\n";

}  // namespace enxerto::testing
