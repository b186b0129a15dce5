#include "enxerto/media/text/guessed_language.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace enxerto {
namespace {

std::string_view code_of(const std::string& text) {
  const std::vector<std::string> texts{text};
  const auto found = guessed_language(texts);
  return found ? found->code : "none";
}

TEST(GuessedLanguage, IsToldByFunctionWords) {
  EXPECT_EQ(code_of("A man in a blue shirt is standing on a ladder and cleaning the window of the house."), "en");
  EXPECT_EQ(code_of("Ein Mann in einem blauen Hemd steht auf einer Leiter und putzt das Fenster von dem Haus."), "de");
  EXPECT_EQ(code_of("Um homem de camisa azul está em cima de uma escada e limpa a janela da casa com um pano."), "pt");
  EXPECT_EQ(code_of("Un hombre con una camisa azul está sobre una escalera y limpia la ventana de la casa del vecino."),
            "es");
  EXPECT_EQ(code_of("Un homme en chemise bleue est sur une échelle et nettoie la fenêtre de la maison avec le seau."),
            "fr");
  EXPECT_EQ(code_of("Een man in een blauw hemd staat op een ladder en wast het raam van het huis."), "nl");
}

TEST(GuessedLanguage, IsToldByLettersOfOtherScripts) {
  const std::vector<std::string> texts{"Мужчина в синей рубашке стоит на лестнице."};
  ASSERT_TRUE(guessed_language(texts));
  EXPECT_EQ(guessed_language(texts)->name, "Cyrillic letters");
}

TEST(GuessedLanguage, IsNoneOfFewWordsAndOfWhatIsNoLanguage) {
  EXPECT_EQ(code_of("the cat"), "none");
  EXPECT_EQ(code_of("17 4 23 99 0 12"), "none");
  EXPECT_EQ(code_of("xq zzt brr qqx wvv plk mnt gfd hjk bnm rty uio asd"), "none");
  EXPECT_EQ(code_of(""), "none");
}

TEST(LanguageCode, IsThatOfEndingsColumnsAndKeys) {
  for (const char* name : {"en", "EN", "eng", "en_GB", "en-US", "English"})
    EXPECT_EQ(language_code(name), "en") << name;
  EXPECT_EQ(language_code("pt-BR"), "pt");
  EXPECT_EQ(language_code("source"), "");
  EXPECT_EQ(language_name("pt"), "Portuguese");
}

}  // namespace
}  // namespace enxerto
