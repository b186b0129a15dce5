#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/transcript_target.h"
#include "enxerto/files/read.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Listener;
using testing::Workplace;

std::string said(const Dataset& dataset, std::size_t position) { return transcript_text(dataset.target(position)); }

TEST(Transcribed, FilesHaveWhatIsSaidBesideThem) {
  Workplace place;
  for (const char* name : {"ann/1.wav", "ann/2.flac", "bob/1.wav", "bob/3.wav"}) place.write(name);
  place.write("ann/1.txt", "\xEF\xBB\xBF one  two\r\n");
  place.write("ann/2.txt", "n\xC3\xA3o");
  place.write("bob/1.txt", " \n");
  place.write("bob/4.txt", "lost");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(parts.all->info().target.kind, kTranscriptTarget);
  EXPECT_EQ(parts.all->info().inputs, (std::vector<Medium>{Medium::audio}));
  EXPECT_EQ(parts.all->get(0)->id(), "ann/1.wav");
  EXPECT_EQ(said(*parts.all, 0), "one two");
  EXPECT_EQ(said(*parts.all, 1), "n\xC3\xA3o");
  EXPECT_EQ(parts.all->target(1).size(), 3U) << "code points";
  EXPECT_TRUE(listener.heard("1 clip without a word in its transcript: bob/1.wav"));
  EXPECT_TRUE(listener.heard("1 clip without a transcript: bob/3.wav"));
  EXPECT_TRUE(listener.heard("1 text file without a clip of its name: bob/4.txt"));
}

TEST(Transcribed, PicturesHaveWhatIsWrittenBesideThem) {
  Workplace place;
  for (const char* name : {"a/1.png", "a/2.jpg", "b/1.png", "b/2.png"}) place.write(name);
  for (const char* name : {"a/1", "a/2", "b/1"}) place.write(std::string(name) + ".txt", "Ol\xC3\xA1");
  const TableOptions asked{.kind = std::string(kTranscriptTarget)};
  Listener listener;
  const DataParts parts = open_data(place.path(), asked, listener);
  ASSERT_EQ(parts.all->size(), 3U);
  EXPECT_EQ(parts.all->info().inputs, (std::vector<Medium>{Medium::image}));
  EXPECT_EQ(said(*parts.all, 1), "Ol\xC3\xA1");
  EXPECT_TRUE(listener.heard("1 picture without a transcript: b/2.png"));
  EXPECT_EQ(open_data(place.path()).all->info().target.kind, "classes") << "where not all have one";
  place.write("b/2.txt", " \n");
  const DataParts all = open_data(place.path(), {}, listener);
  EXPECT_EQ(all.all->info().target.kind, kTranscriptTarget);
  EXPECT_EQ(all.all->size(), 3U);
  EXPECT_TRUE(listener.heard("1 picture without a word in its transcript: b/2.png"));
}

TEST(Transcribed, ClassFoldersOfPicturesWithCaptionsAreClassesWhereItIsSaid) {
  Workplace place;
  for (const char* name : {"cat/1", "cat/2", "dog/3", "dog/4"}) {
    place.write(std::string(name) + ".jpg", name);
    place.write(std::string(name) + ".txt", "a photo");
  }
  testing::Listener listener;
  EXPECT_EQ(open_data(place.path(), {}, listener).format, "pictures and transcripts");
  EXPECT_TRUE(listener.heard("where cat, dog are classes"));
  EXPECT_EQ(open_data(place.path(), {.kind = "classes"}).format, "class folders");
}

TEST(Transcribed, ATableOrAListNamesPictures) {
  Workplace place;
  for (const char* name : {"a.png", "b.png"}) place.write(name);
  const std::filesystem::path table = place.write("lines.csv", "file_name,text\na.png,one\nb.png,\"two, three\"\n");
  const TableOptions asked{.kind = std::string(kTranscriptTarget)};
  EXPECT_EQ(open_data(table, asked).all->info().inputs, (std::vector<Medium>{Medium::image}));
  EXPECT_EQ(said(*open_data(table, asked).all, 1), "two, three");
  const std::filesystem::path list = place.write("label.txt", "a.png\tone\nb.png\ttwo\tthree\r\n");
  const DataParts parts = open_data(list);
  EXPECT_EQ(parts.format, "list of transcripts");
  EXPECT_EQ(said(*parts.all, 1), "two three");
  EXPECT_EQ(parts.all->get(0)->id(), "a.png");
}

TEST(Transcribed, ATableWithoutATextOrWithTwoColumnsOfThemIsRefused) {
  Workplace place;
  for (const char* name : {"a.png", "b.png"}) place.write(name);
  const TableOptions asked{.kind = std::string(kTranscriptTarget)};
  const auto found = [&](const std::string& table) {
    try {
      (void)open_data(place.write("lines.csv", table), asked);
    } catch (const Error& error) {
      return error.text().found;
    }
    return std::string("no error");
  };
  EXPECT_EQ(found("file_name,text\na.png,\nb.png, \n"), "2 pictures, none with a word in its transcript");
  EXPECT_EQ(found("file_name,text,text\na.png,one,two\n"), "two columns 'text'");
  EXPECT_EQ(found("file_name,label\na.png,one\n"), "no column of transcripts: file_name, label");
}

TEST(Transcribed, ATableMayCallItsTranscriptsOtherwiseWhereItIsSaid) {
  Workplace place;
  for (const char* name : {"a.wav", "b.wav"}) place.write(name);
  const std::filesystem::path table = place.write("said.csv", "file,frase\na.wav,bom dia\nb.wav,boa noite\n");
  const DataParts parts = open_data(table, {.kind = std::string(kTranscriptTarget), .targets = {"frase"}});
  EXPECT_EQ(said(*parts.all, 1), "boa noite");
  EXPECT_THROW((void)open_data(table, {.kind = std::string(kTranscriptTarget), .targets = {"frase", "file"}}), Error);
}

TEST(Transcribed, AListOfAnotherFormIsRefusedByItsLine) {
  Workplace place;
  place.write("a.png");
  for (const char* text : {"a.png\tone\nno tab\n", "a.png\t[{\"transcription\": \"one\", \"points\": []}]\n",
                           "a.png\tone\nb.wav\ttwo\n"}) {
    const std::filesystem::path list = place.write("label.txt", text);
    EXPECT_THROW((void)open_data(list), Error) << text;
  }
}

TEST(Transcribed, ClassFoldersOfSoundsStayClasses) {
  Workplace place;
  for (const char* name : {"cat/1.wav", "dog/1.wav"}) place.write(name);
  EXPECT_EQ(open_data(place.path()).all->info().target.kind, "classes");
}

TEST(Transcribed, LibriSpeechHasPartsAndSpeakers) {
  Workplace place;
  for (const char* name : {"train-clean-100/84/12/84-12-0000.flac", "train-clean-100/84/12/84-12-0001.flac",
                           "train-clean-100/7/3/7-3-0000.flac", "dev-clean/9/1/9-1-0000.flac"})
    place.write(name);
  place.write("train-clean-100/84/12/84-12.trans.txt", "84-12-0000 GO DO YOU HEAR\n84-12-0001 NO\n");
  place.write("train-clean-100/7/3/7-3.trans.txt", "7-3-0000 YES\n");
  place.write("dev-clean/9/1/9-1.trans.txt", "9-1-0000 WELL\n");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "LibriSpeech");
  ASSERT_EQ(parts.train->size(), 3U);
  ASSERT_EQ(parts.validation->size(), 1U);
  EXPECT_EQ(parts.train->get(0)->id(), "train-clean-100/7/3/7-3-0000.flac");
  EXPECT_EQ(parts.train->get(1)->group(), "84");
  EXPECT_EQ(said(*parts.train, 1), "GO DO YOU HEAR");
}

TEST(Transcribed, LjSpeechHasItsNormalisedTranscripts) {
  Workplace place;
  for (const char* name : {"wavs/LJ001-0001.wav", "wavs/LJ001-0002.wav"}) place.write(name);
  place.write("metadata.csv", "LJ001-0001|in 1850|in eighteen fifty\nLJ001-0002|plain \"quotes\n");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "LJSpeech");
  EXPECT_EQ(said(*parts.all, 0), "in eighteen fifty");
  EXPECT_EQ(said(*parts.all, 1), "plain \"quotes");
  EXPECT_EQ(parts.all->get(0)->id(), "wavs/LJ001-0001.wav");
}

TEST(Transcribed, CommonVoiceKeepsSpeakersTogether) {
  Workplace place;
  for (const char* name : {"clips/a.mp3", "clips/b.mp3", "clips/c.mp3"}) place.write(name);
  place.write("train.tsv", "client_id\tpath\tsentence\nx\ta.mp3\tOl\xC3\xA1\ny\tb.mp3\tTudo bem?\n");
  place.write("test.tsv", "client_id\tpath\tsentence\nz\tc.mp3\tTchau\n");
  const DataParts parts = open_data(place.path());
  ASSERT_EQ(parts.train->size(), 2U);
  EXPECT_EQ(parts.test->size(), 1U);
  EXPECT_EQ(parts.train->get(1)->group(), "y");
  EXPECT_EQ(parts.test->get(0)->group(), "z") << "of one speaker, who may be in another part";
  EXPECT_EQ(said(*parts.train, 1), "Tudo bem?");
  const DataParts one = open_data(place.path() / "train.tsv");
  EXPECT_EQ(one.all->size(), 2U);
}

TEST(Transcribed, ManifestsNameRecordingsAndWhatIsSaid) {
  Workplace place;
  for (const char* name : {"a.wav", "b.wav"}) place.write(name);
  const auto manifest = place.write("all.jsonl",
                                    "\n{\"audio_filepath\": \"a.wav\", \"text\": \"one\", \"speaker\": \"s\"}\n"
                                    "{\"audio_filepath\": \"b.wav\", \"text\": \"two\", \"speaker\": \"t\"}\n");
  const DataParts parts = open_data(manifest);
  ASSERT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(said(*parts.all, 1), "two");
  EXPECT_EQ(parts.all->get(1)->group(), "t");
  EXPECT_TRUE(parts.all->get(1)->file(0).has_value());
  const auto table = place.write("all.csv", "file,transcript\na.wav,one\nb,two\n");
  EXPECT_EQ(open_data(table, {.kind = std::string(kTranscriptTarget)}).all->get(1)->id(), "b.wav");
  const auto lacking = place.write("lacking.csv", "file,words\na.wav,one\n");
  EXPECT_THROW((void)open_data(lacking, {.kind = std::string(kTranscriptTarget)}), Error);
}

}  // namespace
}  // namespace enxerto
