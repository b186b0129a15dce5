#include "enxerto/media/text/guessed_language.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "enxerto/base/lower_case.h"
#include "enxerto/base/to_size.h"
#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

/// Words that stand in every text of a language, and in few of the others.
struct FunctionWords {
  std::string_view code, code3, name;
  std::string_view words;  ///< with blanks between them
};

constexpr std::array kLanguages{
    FunctionWords{
        "en", "eng", "English",
        "the of and to a in is that it was for on are with as his they be at this have from or had by not but "
        "what were we you your which their an he she will would there been who my me our out up into them her "
        "him do how did has if about some while near front"},
    FunctionWords{"pt", "por", "Portuguese",
                  "o a os as de da do das dos e em um uma para com não que na no nas nos por mais se como mas ao aos à "
                  "é foi ser está são ele ela seu sua ou quando muito já também só pelo pela até isso entre era depois "
                  "sem mesmo ter você eu me minha meu num numa enquanto sobre há tem"},
    FunctionWords{"es", "spa", "Spanish",
                  "el la los las de del y en un una unos unas que es por con no para su se lo le al como más pero sus "
                  "este esta ya entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante uno "
                  "ni contra él ella está ha fue son mientras"},
    FunctionWords{
        "fr", "fra", "French",
        "le la les des du de et en un une est que qui dans pour pas sur au aux avec ce il elle ils ne se sont "
        "son sa ses plus par je nous vous mais ou où cette on leur tout comme été était être deux devant "
        "très aussi même dont l d s qu"},
    FunctionWords{"de", "deu", "German",
                  "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine einen einem einer als "
                  "auch es an er sie hat aus bei sind noch nach wird am wie um oder aber vor zur zum bis mehr durch "
                  "war ich wir nur so über während"},
    FunctionWords{"it", "ita", "Italian",
                  "il lo la i gli le di del della dei delle e in un una che è per con non si da al alla nel nella sono "
                  "ha più come ma anche ad questo questa suo sua dal dalla tra ed io tu lui lei ci mi ti o se mentre"},
    FunctionWords{
        "nl", "nld", "Dutch",
        "de het een van en in is dat op te zijn voor met die niet aan er om ook als dan maar bij nog uit naar "
        "werd wordt hij ze zij je ik wij hebben heeft had door over tot deze dit geen wat"},
    FunctionWords{"pl", "pol", "Polish",
                  "i w na z do nie się jest to że o jak po za od co ale dla są przez tym jego ich ma już czy tak może "
                  "być był była tylko przed oraz które który jej go"},
    FunctionWords{"cs", "ces", "Czech",
                  "a v na se je že s z do o to i jako za pro ve by ale jsou po od který která které byl byla bylo není "
                  "při nebo jeho jej mezi před jsem si už jen tak"},
    FunctionWords{
        "ro", "ron", "Romanian",
        "de și în a la cu pe un o nu că se pentru din este care mai sunt ce al ale fost după dar sau prin între "
        "fi ca lui ei lor îl cel cea își până"},
    FunctionWords{
        "sv", "swe", "Swedish",
        "och i att det som en på är av för med den till inte har de ett om han hon var jag men så från vi kan "
        "sig ut när efter eller vid under där"},
};

/// Letters of their own.
struct Script {
  std::string_view name;
  std::uint32_t first, last;
};
constexpr std::array kScripts{
    Script{"Greek letters", 0x370, 0x3FF},        Script{"Cyrillic letters", 0x400, 0x52F},
    Script{"Hebrew letters", 0x590, 0x5FF},       Script{"Arabic letters", 0x600, 0x6FF},
    Script{"Devanagari letters", 0x900, 0x97F},   Script{"Thai letters", 0xE00, 0xE7F},
    Script{"Japanese syllables", 0x3040, 0x30FF}, Script{"Chinese characters", 0x4E00, 0x9FFF},
    Script{"Korean syllables", 0xAC00, 0xD7AF},
};

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kLeastWords = 12, kLeastLetters = 12;
constexpr double kLeastShare = 0.12, kAhead = 1.25, kMostLetters = 0.5;

using Lexicon = std::map<std::string_view, std::vector<std::size_t>, std::less<>>;

const Lexicon& lexicon() {
  static const Lexicon words = [] {
    Lexicon all;
    for (std::size_t i = 0; i < kLanguages.size(); ++i) {
      std::string_view rest = kLanguages[i].words;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        std::vector<std::size_t>& of = all[rest.substr(0, end)];
        if (of.empty() || of.back() != i) of.push_back(i);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    return all;
  }();
  return words;
}

bool is_letter(std::uint32_t point) {
  if (point < 0x80) return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
  return point >= 0xC0 && point != 0xD7 && point != 0xF7 && !(point >= 0x2000 && point < 0x3040);
}

/// Small letters of A to Z and of À to Þ, as UTF-8 has them.
std::string small(std::string_view word) {
  std::string text = lower_case(word);
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (text[i] == '\xC3' && next >= 0x80 && next <= 0x9E && next != 0x97) text[i + 1] = static_cast<char>(next + 0x20);
  }
  return text;
}

/// Counts what is seen in texts.
class LanguageCounts {
 public:
  void read(std::string_view text) {
    std::string word;
    while (!text.empty()) {
      const auto [point, sequence] = first_point(text);
      text.remove_prefix(sequence.size());
      if (!is_letter(point)) {
        end_word(word);
        continue;
      }
      ++letters_;
      for (std::size_t script = 0; script < kScripts.size(); ++script)
        of_script_.at(script) += point >= kScripts.at(script).first && point <= kScripts.at(script).last ? 1 : 0;
      word += sequence;
    }
    end_word(word);
  }

  std::optional<GuessedLanguage> guess() const {
    const auto script = std::ranges::max_element(of_script_);
    const auto letters = static_cast<double>(letters_);
    if (letters_ >= kLeastLetters && static_cast<double>(*script) > kMostLetters * letters)
      return GuessedLanguage{.name = kScripts.at(to_size(script - of_script_.begin())).name,
                             .code = "",
                             .share = static_cast<double>(*script) / letters};
    std::array<std::size_t, kLanguages.size()> sorted = of_language_;
    std::ranges::sort(sorted, std::greater());
    const double share = static_cast<double>(sorted[0]) / static_cast<double>(std::max<std::size_t>(words_, 1));
    const bool ahead = static_cast<double>(sorted[0]) > kAhead * static_cast<double>(sorted[1]);
    if (words_ < kLeastWords || share < kLeastShare || !ahead) return std::nullopt;
    const auto best = to_size(std::ranges::max_element(of_language_) - of_language_.begin());
    return GuessedLanguage{.name = kLanguages.at(best).name, .code = kLanguages.at(best).code, .share = share};
  }

 private:
  void end_word(std::string& word) {
    if (word.empty()) return;
    ++words_;
    if (const auto found = lexicon().find(small(word)); found != lexicon().end())
      for (const std::size_t language : found->second) ++of_language_.at(language);
    word.clear();
  }

  std::size_t words_ = 0, letters_ = 0;
  std::array<std::size_t, kLanguages.size()> of_language_{};
  std::array<std::size_t, kScripts.size()> of_script_{};
};

}  // namespace

std::optional<GuessedLanguage> guessed_language(std::span<const std::string> texts) {
  LanguageCounts counts;
  std::size_t bytes = 0;
  const std::size_t step = std::max<std::size_t>(1, texts.size() / 4096);
  for (std::size_t i = 0; i < texts.size() && bytes < kMostBytes; i += step) {
    counts.read(texts[i]);
    bytes += texts[i].size();
  }
  return counts.guess();
}

std::string_view language_code(std::string_view name) {
  const std::string word = lower_case(name.substr(0, name.find_first_of("_-")));
  for (const FunctionWords& language : kLanguages)
    if (word == language.code || word == language.code3 || word == lower_case(language.name)) return language.code;
  return "";
}

std::string_view language_name(std::string_view code) {
  for (const FunctionWords& language : kLanguages)
    if (language.code == code) return language.name;
  return "";
}

}  // namespace enxerto
