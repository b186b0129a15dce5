#include "enxerto/media/text/chat_template.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const Json kMessages = {{{"role", "system"}, {"content", "Be brief."}}, {{"role", "user"}, {"content", " a <b> "}}};

std::string filled(const std::string& jinja) {
  return fill_chat_template(jinja, kMessages, {{"eos_token", "</s>"}}, "m");
}

TEST(ChatTemplate, IsFilledInAsTransformersDoesIt) {
  EXPECT_EQ(filled("{% for message in messages %}\n  {%- if message['role'] == 'user' %}\n"
                   "<user>{{ message.content.strip() | upper }}{{ eos_token }}\n    {% endif %}\n{% endfor %}"
                   "{% if add_generation_prompt %}<bot>{% endif %}"),
            "<user>A <B></s>\n<bot>");
}

TEST(ChatTemplate, MayCallWhatTransformersLetsItCall) {
  EXPECT_EQ(filled("{{ messages[1] | tojson }}"), R"({"content": " a <b> ", "role": "user"})");
  EXPECT_EQ(filled("{% if tools is none %}none {% endif %}{{ strftime_now('%%x') }}"), "none %x");
  EXPECT_EQ(filled("{% set ns = namespace(n=0) %}{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}"
                   "{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}{{ messages[0]['content'].split(' ')[0] }}"),
            "1Be");
}

TEST(ChatTemplate, FailsWithItsOwnWords) {
  const Error raised = thrown_by([] { (void)filled("{{ raise_exception('Roles must alternate') }}"); });
  expect_says(raised, ErrorKind::weights, "m: its chat template fails: ");
  expect_says(raised, ErrorKind::weights, "Roles must alternate");
  const Error syntax = thrown_by([] { (void)filled("a\n{% for %}"); });
  expect_says(syntax, ErrorKind::weights, "syntax error");
  expect_says(syntax, ErrorKind::weights, "(line 2)");
  expect_says(thrown_by([] {
                (void)filled(
                    "{% for i in range(100000) %}{% for j in range(100000) %}{{ i }}"
                    "{% endfor %}{% endfor %}");
              }),
              ErrorKind::weights, "it takes more than 10 million steps");
}

TEST(ChatTemplate, ThatDoublesATextIsStoppedBeforeItEatsTheMemory) {
  expect_says(thrown_by([] {
                (void)filled(
                    "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}"
                    "{% endfor %}{{ ns.s | length }}");
              }),
              ErrorKind::weights, "it needs more than 256 MB of memory");
  expect_says(thrown_by([] { (void)filled("{{ 'ab' * 2000000000 }}"); }), ErrorKind::weights,
              "its chat template fails");
  EXPECT_EQ(filled("{{ 'ab' * 3 }}"), "ababab") << "the process goes on";
}

TEST(ChatTemplate, OfALongAnswerIsRefused) {
  expect_says(thrown_by([] { (void)filled("{% set s = 'x' * 100000 %}{% for i in range(300) %}{{ s }}{% endfor %}"); }),
              ErrorKind::weights, " bytes, at most 2097");
}

std::string chain(std::string_view link, std::size_t times) {
  std::string text = "{{ 1";
  for (std::size_t i = 0; i < times; ++i) text += link;
  return text + " }}";
}

TEST(ChatTemplate, OfLongChainsOfOperatorsIsFilledInOrRefused) {
  EXPECT_EQ(filled(chain("+1", 20'000)), "20001");
  EXPECT_EQ(filled("{{ " + std::string(30'000, '-') + "1 }}"), "1");
  expect_says(thrown_by([] { (void)filled(chain("+1", 40'000)); }), ErrorKind::weights, "a template of 80");
}

}  // namespace
}  // namespace enxerto
