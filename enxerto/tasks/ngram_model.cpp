#include "enxerto/tasks/ngram_model.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/quantity.h"
#include "enxerto/base/utf8.h"
#include "enxerto/data/ignored_entries.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kUnknown = "<unk>", kBegin = "<s>", kEnd = "</s>";
constexpr float kUnknownProbability = -100;
constexpr float kMostBackoff = 100;  // a logarithm to base 10: no model has more
constexpr std::uint32_t kUnknownId = 0, kBeginId = 1, kEndId = 2;

/// The key of the n-gram whose words before the first are `longer` ones: words are added from the last to the first, so
/// that a context is lengthened by one word at a time.
std::uint64_t lengthened(std::uint64_t key, std::uint32_t id) {
  key ^= id + 0x9E3779B97F4A7C15ULL + (key << 6U) + (key >> 2U);  // boost's hash_combine, then splitmix64's mixing
  key = (key ^ (key >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  key = (key ^ (key >> 27U)) * 0x94D049BB133111EBULL;
  return key ^ (key >> 31U);
}

constexpr std::uint64_t kNoWords = 0x243F6A8885A308D3ULL;

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

/// Goes through the lines of a file: \data\ with the counts, a section for each length, \end\.
class ArpaReader {
 public:
  explicit ArpaReader(const std::filesystem::path& path) : name_(path.string()) {}

  NgramModel read(std::string_view text) {
    require_text(text);
    text = without_byte_order_mark(text);
    model_.ids_ = {{std::string(kUnknown), kUnknownId}, {std::string(kBegin), kBeginId}, {std::string(kEnd), kEndId}};
    for_each_line(text, [&](std::string_view line, std::size_t number) {
      at_ = number;
      const std::vector<std::string_view> words = words_between(line, kBlanks);
      if (!words.empty() && !is_over_) read_line(words);
    });
    if (!has_begun_)
      throw data_error(name_, "no line \\data\\", "an n-gram model as ARPA text in UTF-8", "is it such a file?");
    if (!is_over_) throw bad("ends in the middle", "\\end\\ in its last line", "it has been cut off; get it again");
    finish();
    return std::move(model_);
  }

 private:
  Error bad(std::string found, std::string expected, std::string tip = "") const {
    return data_error(at_ == 0 ? name_ : fmt::format("{}:{}", name_, at_), std::move(found), std::move(expected),
                      std::move(tip));
  }

  void require_text(std::string_view text) const {
    if (text.starts_with("\x1F\x8B"))
      throw bad("a file of gzip", "an n-gram model as ARPA text", "unpack it with gunzip first");
    if (text.starts_with("mmap lm http://kheafield.com/code"))
      throw bad("a binary file of KenLM", "an n-gram model as ARPA text", "give the .arpa file that it was made of");
  }

  void read_line(std::span<const std::string_view> words) {
    if (words.front() == "\\data\\") {
      has_begun_ = true;
    } else if (!has_begun_) {  // what stands before \data\ is a comment
    } else if (words.front() == "\\end\\") {
      require_count();
      if (length_ < counts_.size())
        throw bad(fmt::format("ends before its {}-grams", length_ + 1),
                  "a section for each length that \\data\\ names");
      is_over_ = true;
    } else if (words.front().starts_with('\\')) {
      begin_section(words.front());
    } else if (length_ == 0) {
      read_count(words);
    } else {
      read_ngram(words);
    }
  }

  void read_count(std::span<const std::string_view> words) {  // ngram 2=1034
    const std::vector<std::string_view> pair = words_between(words.back(), "=");
    const std::size_t next = counts_.size() + 1;
    const bool is_pair = words.size() == 2 && words[0] == "ngram" && pair.size() == 2;
    const auto count = number_in<std::size_t>(is_pair ? pair[1] : "");
    if (!count.has_value() || pair[0] != std::to_string(next))
      throw bad(printable(words[0]), fmt::format("'ngram {}=' and how many there are", next));
    if (next > NgramModel::kLongest)
      throw bad(fmt::format("n-grams of {} words", next), fmt::format("at most {}", NgramModel::kLongest));
    counts_.push_back(count.value());
  }

  void begin_section(std::string_view title) {  // \2-grams:
    require_count();
    ++length_;
    if (title != fmt::format("\\{}-grams:", length_) || length_ > counts_.size())
      throw bad(printable(title), length_ > counts_.size() ? "\\end\\" : fmt::format("\\{}-grams:", length_));
    found_ = 0;
  }

  void require_count() const {
    if (length_ == 0 && counts_.empty()) throw bad("names no counts", "'ngram 1=' and how many there are");
    if (length_ > 0 && found_ != counts_[length_ - 1])
      throw bad(fmt::format("{} {}-grams are there", found_, length_),
                fmt::format("{}, as \\data\\ says", counts_[length_ - 1]), "the file is damaged; get it again");
  }

  void read_ngram(std::span<const std::string_view> words) {  // -1.37  some word  -0.2
    const auto probability = number_in<float>(words.front());
    const bool has_backoff = words.size() == length_ + 2;
    const auto backoff = has_backoff ? number_in<float>(words.back()) : 0.0F;
    if (!probability || !backoff || (!has_backoff && words.size() != length_ + 1) || std::isnan(*probability) ||
        !std::isfinite(*backoff) || *backoff > kMostBackoff)
      throw bad(fmt::format("{}, beginning with '{}'", counted(words.size(), "column"), printable(words.front())),
                fmt::format("a logarithm, {}, and a backoff where there is one", counted(length_, "word")));
    if (*probability > 0) throw bad(fmt::format("the probability 10^{}", *probability), "a logarithm of at most 0");
    std::uint64_t key = kNoWords;
    for (std::size_t i = length_; i-- > 0;) key = lengthened(key, id_of(words[i + 1]));
    model_.ngrams_.push_back({.key = key, .probability = *probability, .backoff = *backoff});
    ++found_;
  }

  std::uint32_t id_of(std::string_view word) {
    if (word == "<UNK>") word = kUnknown;
    const auto found = model_.ids_.find(std::string(word));
    if (found != model_.ids_.end() && (length_ > 1 || found->second <= kEndId)) {
      has_unknown_ = has_unknown_ || (length_ == 1 && found->second == kUnknownId);
      return found->second;
    }
    if (length_ > 1) throw bad(fmt::format("the word '{}'", printable(word)), "words that are among the 1-grams");
    if (found != model_.ids_.end()) throw bad(fmt::format("the word '{}' again", printable(word)), "each word once");
    model_.words_.emplace_back(word);
    return model_.ids_.emplace(word, static_cast<std::uint32_t>(model_.ids_.size())).first->second;
  }

  void finish() {
    if (model_.words_.empty()) throw bad("no words", "an n-gram model of words");
    if (!has_unknown_)
      model_.ngrams_.push_back({.key = lengthened(kNoWords, kUnknownId), .probability = kUnknownProbability});
    model_.order_ = counts_.size();
    std::ranges::sort(model_.words_);
    std::ranges::sort(model_.ngrams_, {}, &NgramModel::Ngram::key);
    const auto twice = std::ranges::adjacent_find(model_.ngrams_, {}, &NgramModel::Ngram::key);
    if (twice != model_.ngrams_.end()) throw data_error(name_, "an n-gram stands there twice", "each once");
  }

  std::string name_;
  NgramModel model_;
  std::vector<std::size_t> counts_;
  std::size_t at_ = 0, length_ = 0, found_ = 0;
  bool has_begun_ = false, is_over_ = false, has_unknown_ = false;
};

std::shared_ptr<const NgramModel> NgramModel::read(const std::filesystem::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  return std::make_shared<const NgramModel>(
      ArpaReader(path).read({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

NgramModel::State NgramModel::beginning() const {
  return {.words = {kBeginId}, .count = std::min<std::size_t>(order_ - 1, 1)};
}

std::uint32_t NgramModel::id_of(std::string_view word) const {
  const auto found = ids_.find(std::string(word));
  return found == ids_.end() ? kUnknownId : found->second;
}

const NgramModel::Ngram* NgramModel::find(std::uint64_t key) const {
  const auto found = std::ranges::lower_bound(ngrams_, key, {}, &Ngram::key);
  return found == ngrams_.end() || found->key != key ? nullptr : &*found;
}

double NgramModel::score_of(const State& state, std::uint32_t id) const {
  std::array<const Ngram*, kLongest> known{};  // the n-gram of the word behind 0, 1, .. words of the state
  std::array<double, kLongest> backoffs{};     // of these words alone
  std::uint64_t with = lengthened(kNoWords, id), without = kNoWords;
  known[0] = find(with);
  for (std::size_t i = 0; i < state.count; ++i) {
    with = lengthened(with, state.words[i]);
    without = lengthened(without, state.words[i]);
    known[i + 1] = find(with);
    const Ngram* context = find(without);
    backoffs[i + 1] = context == nullptr ? 0 : static_cast<double>(context->backoff);
  }
  double sum = 0;
  for (std::size_t i = state.count; i > 0; --i) {
    if (known[i] != nullptr) return sum + static_cast<double>(known[i]->probability);
    sum += backoffs[i];
  }
  return sum + static_cast<double>(known[0] == nullptr ? kUnknownProbability : known[0]->probability);
}

double NgramModel::score(const State& state, std::string_view word, State& behind) const {
  const std::uint32_t id = id_of(word);
  const double found = score_of(state, id);
  State next;
  next.count = std::min(order_ - 1, state.count + 1);
  if (next.count > 0) next.words[0] = id;
  for (std::size_t i = 1; i < next.count; ++i) next.words[i] = state.words[i - 1];
  behind = next;
  return found;
}

double NgramModel::end_score(const State& state) const { return score_of(state, kEndId); }

bool NgramModel::begins_a_word(std::string_view beginning) const {
  const auto found = std::ranges::lower_bound(words_, beginning);
  return found != words_.end() && found->starts_with(beginning);
}

}  // namespace enxerto
