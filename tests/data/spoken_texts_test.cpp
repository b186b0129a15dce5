#include "enxerto/data/spoken_texts.h"

#include <gtest/gtest.h>

#include "enxerto/data/open.h"
#include "enxerto/data/span_target.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

TEST(SpokenTexts, AreTranscribedRecordingsWithTheirTextsAsASecondField) {
  Workplace place;
  for (const char* name : {"a.wav", "b.wav"}) place.write(name);
  place.write("said.jsonl", R"({"audio_filepath": "a.wav", "text": "three  one", "speaker": "ann"})"
                            "\n"
                            R"({"audio_filepath": "b.wav", "text": "n\u00e3o", "speaker": "bob"})"
                            "\n");
  const TableOptions asked{.kind = std::string(kSpokenTarget)};
  const DataParts parts = open_data(place.path() / "said.jsonl", asked, no_progress());
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(parts.all->info().inputs, (std::vector<Medium>{Medium::audio, Medium::text}));
  const std::unique_ptr<Example> first = parts.all->get(0), second = parts.all->get(1);
  EXPECT_EQ(text_in(first->field(1)), "three one");
  EXPECT_EQ(text_in(second->field(1)), "n\xC3\xA3o");
  EXPECT_EQ(second->group(), "bob");
  EXPECT_EQ(parts.all->target(1).as<float>()[0], 4.0F) << "bytes";
  const std::vector<Field> fields{first->field(0), first->field(1)};
  EXPECT_EQ(target_kind_named(kSpokenTarget).words(parts.all->target(0), fields), "'three one'");
}

}  // namespace
}  // namespace enxerto
