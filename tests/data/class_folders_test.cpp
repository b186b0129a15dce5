#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/meant_folder.h"
#include "enxerto/data/open.h"
#include "enxerto/files/read.h"
#include "tests/data/targets.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::label_of;
using testing::Listener;
using testing::names_of;
using testing::Workplace;

std::string error_of(const std::filesystem::path& path, ErrorKind kind = ErrorKind::data) {
  try {
    const DataParts parts = open_data(path);
    require_classes(parts.has_parts() ? *parts.train : *parts.all, path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  ADD_FAILURE() << "no error for " << path;
  return "";
}

std::vector<std::string> ids(const Dataset& dataset) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < dataset.size(); ++i) result.push_back(dataset.get(i)->id());
  return result;
}

TEST(ClassFolders, AreReadInByteOrder) {
  Workplace place;
  for (const char* name : {"dog/b.jpg", "dog/B.jpg", "dog/a10.PNG", "dog/a9.webp", "Cat/1.jpeg", "ape/x.gif"})
    place.write(name);
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.format, "class folders");
  EXPECT_FALSE(parts.has_parts());
  EXPECT_EQ(names_of(*parts.all), (std::vector<std::string>{"Cat", "ape", "dog"}));
  EXPECT_EQ(ids(*parts.all), (std::vector<std::string>{"Cat/1.jpeg", "ape/x.gif", "dog/B.jpg", "dog/a10.PNG",
                                                       "dog/a9.webp", "dog/b.jpg"}));
  EXPECT_EQ(label_of(*parts.all, 5), 2);
}

TEST(ClassFolders, SayThatATableBesideThemNamesTheirPictures) {
  Workplace place;
  for (const char* name : {"part_1/a.jpg", "part_1/b.jpg", "part_2/c.jpg", "part_2/d.jpg"}) place.write(name);
  Listener listener;
  place.write("prices.csv", "shop,price\nx,1\ny,2\n");
  (void)open_data(place.path(), {}, listener);
  EXPECT_FALSE(listener.heard("is not read"));
  place.write("meta.csv", "image_id,dx\na,mel\nb,nv\nc,nv\nd,mel\n");
  (void)open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("meta.csv names these pictures and is not read"));
}

TEST(ClassFolders, IncludeFilesInFoldersBelow) {
  Workplace place;
  place.write("a/deep/er/1.jpg");
  place.write("b/2.jpg");
  EXPECT_EQ(ids(*open_data(place.path()).all), (std::vector<std::string>{"a/deep/er/1.jpg", "b/2.jpg"}));
}

TEST(ClassFolders, IgnoreWhatIsHiddenOrNoPictureWithANotice) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "a/.2.jpg", "a/notes.txt", "b/1.jpg", ".old/x.jpg", "readme.jpg"})
    place.write(name);
  std::filesystem::create_directory(place.path() / "empty");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.all->size(), 2U);
  EXPECT_EQ(names_of(*parts.all).size(), 2U);
  EXPECT_TRUE(listener.heard("ignored 2 hidden entries: .old, a/.2.jpg"));
  EXPECT_TRUE(listener.heard("ignored 1 file that is not a picture: a/notes.txt"));
  EXPECT_TRUE(listener.heard("ignored 1 class without pictures: empty"));
  EXPECT_TRUE(listener.heard("ignored 1 file outside the class folders: readme.jpg"));
}

TEST(ClassFolders, SayNothingOfWhatSystemsLeaveBehind) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "a/._1.jpg", "a/Thumbs.db", "b/1.jpg", "b/desktop.ini", ".DS_Store",
                           "__MACOSX/a/._1.jpg", "a/@eaDir/1.jpg", ".ipynb_checkpoints/1.jpg", ".git/x.jpg"})
    place.write(name);
  Listener listener;
  EXPECT_EQ(ids(*open_data(place.path(), {}, listener).all), (std::vector<std::string>{"a/1.jpg", "b/1.jpg"}));
  EXPECT_TRUE(listener.notices.empty()) << listener.notices.front();
}

TEST(ClassFolders, CountWhatIsNoPictureByItsExtension) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "a/1.TXT", "a/2.txt", "a/3.xml", "b/1.jpg", "b/none", "b/dot."})
    place.write(name);
  Listener listener;
  open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("ignored 5 files that are not pictures (2 .txt, 2 without extension, 1 .xml): a/1.TXT, "));
}

TEST(ClassFolders, TakePicturesUnderAllTheirExtensions) {
  Workplace place;
  for (const char* name : {"a/1.jfif", "a/2.JPE", "a/3.jif", "a/4.pjpeg", "a/5.dib", "a/6.ppm", "b/7.PGM", "b/8.pnm"})
    place.write(name);
  EXPECT_EQ(open_data(place.path()).all->size(), 8U);
}

TEST(ClassFolders, TakeAnyNameThatTheDiskTakes) {
  Workplace place;
  place.write("a/new\nline.jpg", "1");
  place.write("a/latin-\xE9.jpg", "2");
  place.write("b\xFF/1.jpg", "3");
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("the folder b\\xff has the byte 0xFF at byte 2 of the text, which is not UTF-8"));
  EXPECT_EQ(names_of(*parts.all)[1], "b\\xff");
  std::string read;
  for (std::size_t i = 0; i < parts.all->size(); ++i)
    read += static_cast<char>(std::to_integer<int>(*parts.all->get(i)->field(0).bytes.data()));
  EXPECT_EQ(read, "213");
}

TEST(ClassFolders, MayBeTrainAndValidationAndTest) {
  for (const char* validation : {"val", "valid", "validation"}) {
    Workplace place;
    for (const char* name : {"train/a/1.jpg", "train/b/2.jpg", "train/c/2.jpg", "test/b/3.jpg", "test/c/3.jpg"})
      place.write(name);
    place.write(std::string(validation) + "/a/4.jpg");
    Listener listener;
    const DataParts parts = open_data(place.path(), {}, listener);
    ASSERT_TRUE(parts.has_parts());
    EXPECT_EQ(parts.train->size(), 3U);
    EXPECT_EQ(parts.validation->size(), 1U);
    EXPECT_EQ(label_of(*parts.test, 0), 1);
    EXPECT_EQ(names_of(*parts.test), names_of(*parts.train));
    EXPECT_EQ(parts.test->get(0)->id(), "test/b/3.jpg");
    EXPECT_TRUE(listener.heard("test/ has no pictures of a"));
  }
}

TEST(ClassFolders, HavePartsUnderTheNamesOfPublishedSets) {
  const std::vector<std::vector<std::string>> sets{
      {"Train", "Test"},        {"TRAINING", "TESTING"},       {"seg_train", "seg_test"},
      {"train2017", "val2017"}, {"TrainImages", "TestImages"}, {"trainset", "testset"},
      {"X_train", "X_test"},    {"brain-train", "brain-test"}, {"train", "dev"},
      {"treino", "teste"}};
  for (const std::vector<std::string>& names : sets) {
    Workplace place;
    for (const std::string& part : names) {
      for (const char* file : {"/a/1.jpg", "/b/2.jpg"}) place.write(part + file);
    }
    Listener listener;
    const DataParts parts = open_data(place.path(), {}, listener);
    ASSERT_TRUE(parts.has_parts()) << names.front();
    EXPECT_EQ(names_of(*parts.train), (std::vector<std::string>{"a", "b"}));
    EXPECT_NE(parts.test == nullptr, parts.validation == nullptr);
    EXPECT_TRUE(listener.heard("taken as the parts of the data: " + names.front() + "/ (train)"));
  }
}

TEST(ClassFolders, MayHoldTheirPartsThemselves) {
  Workplace place;
  for (const char* name : {"cat/train/1.jpg", "cat/test/2.jpg", "dog/train/3.jpg", "dog/train/4.jpg"})
    place.write(name);
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  ASSERT_TRUE(parts.has_parts());
  EXPECT_EQ(names_of(*parts.train), (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(parts.train->size(), 3U);
  EXPECT_EQ(parts.test->size(), 1U);
  EXPECT_TRUE(listener.heard("*/test/ has no pictures of dog"));
}

TEST(ClassFolders, OfWhichSomeHoldPartsAreTakenTogetherAndThatIsSaid) {
  Workplace place;
  for (const char* name : {"cat/train/1.jpg", "cat/test/2.jpg", "dog/3.jpg"}) place.write(name);
  Listener listener;
  EXPECT_EQ(open_data(place.path(), {}, listener).all->size(), 3U);
  EXPECT_TRUE(listener.heard("cat has folders of parts, and others have none"));
}

TEST(ClassFolders, MayLieInAPartOfTheSameName) {
  Workplace place;
  for (const char* name : {"train/train/a/1.jpg", "train/train/b/1.jpg", "test/test/a/1.jpg"}) place.write(name);
  EXPECT_EQ(names_of(*open_data(place.path()).train), (std::vector<std::string>{"a", "b"}));
}

TEST(ClassFolders, ThatAllHoldTheSameFoldersMightBePartsAndThatIsSaid) {
  Workplace place;
  for (const char* name : {"one/a/1.jpg", "one/b/1.jpg", "two/a/1.jpg", "two/b/1.jpg"}) place.write(name);
  Listener listener;
  EXPECT_EQ(names_of(*open_data(place.path(), {}, listener).all), (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(listener.heard("one, two hold the same folders (a, b) and are taken as the classes"));
}

TEST(ClassFolders, AreMissedWherePartsHoldPicturesThemselves) {
  Workplace place;
  for (const char* name : {"Training/1.jpg", "Testing/2.jpg"}) place.write(name);
  EXPECT_NE(error_of(place.path()).find("parts without class folders: Testing, Training"), std::string::npos);
}

TEST(ClassFolders, OfTwoPartsThatAreTheSameAreRefused) {
  Workplace place;
  for (const char* name : {"train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "valid/a/1.jpg"}) place.write(name);
  EXPECT_NE(error_of(place.path()).find("more than one validation part: val, valid"), std::string::npos);
}

TEST(ClassFolders, AreEqualInEveryUnicodeForm) {
  Workplace place;
  for (const char* name : {"train/caf\u00e9/1.jpg", "train/tea/2.jpg", "test/cafe\u0301/3.jpg"}) place.write(name);
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(label_of(*parts.test, 0), 0);
}

TEST(ClassFolders, WhoseNamesEndInASpaceAreNamed) {
  Workplace place;
  for (const char* name : {"Cat /1.jpg", "Dog/2.jpg"}) place.write(name);
  Listener listener;
  open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("the class 'Cat ' is called so with the space at its end"));
}

TEST(ClassFolders, WhoseNamesLookTheSameAreNamed) {
  Workplace place;
  for (const char* name : {"Cat/1.jpg", "cat/2.jpg", "cat /3.jpg", "caf\u00e9/1.jpg", "cafe\u0301/2.jpg"})
    place.write(name);
  Listener listener;
  open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("'Cat' and 'cat' are two names that look the same"));
  EXPECT_TRUE(listener.heard("'Cat' and 'cat ' are two names"));
  EXPECT_FALSE(listener.heard("with the space")) << "said once";
  EXPECT_TRUE(listener.heard("different Unicode forms"));
}

TEST(ClassFolders, MayCallAClassTrain) {
  Workplace place;
  for (const char* name : {"bus/1.jpg", "train/2.jpg"}) place.write(name);
  EXPECT_EQ(names_of(*open_data(place.path()).all), (std::vector<std::string>{"bus", "train"}));
  place.write("train/old/3.jpg");
  EXPECT_EQ(open_data(place.path()).all->size(), 3U);
}

TEST(ClassFolders, RefuseAClassThatTrainDoesNotHave) {
  Workplace place;
  for (const char* name : {"train/a/1.jpg", "train/b/2.jpg", "test/zebra/3.jpg"}) place.write(name);
  EXPECT_NE(error_of(place.path()).find("test/zebra"), std::string::npos);
  // A model that knows zebras can be measured on it all the same.
  const DataParts parts = open_data(place.path(), {.measured = true});
  EXPECT_EQ(names_of(*parts.train), (std::vector<std::string>{"a", "b", "zebra"}));
  EXPECT_EQ(label_of(*parts.test, 0), 2);
}

TEST(ClassFolders, RefuseOneClassNothingAndTheMissing) {
  Workplace place;
  EXPECT_NE(error_of(place.path()).find("an empty folder"), std::string::npos);
  EXPECT_NE(error_of(place.path() / "nowhere").find("nowhere"), std::string::npos);
  place.write("a/1.jpg");
  EXPECT_NE(error_of(place.path()).find("only one class, 'a'"), std::string::npos);
  EXPECT_NE(error_of(place.path() / "a").find("pictures, but no class folders"), std::string::npos);
  EXPECT_NE(error_of(place.path() / "a/1.jpg").find("a single file"), std::string::npos);
  EXPECT_NE(error_of("").find("an empty path"), std::string::npos);
}

TEST(ClassFolders, NameTheFolderThatWasMeant) {
  Workplace place;
  for (const char* name : {"up/Pets/Cat/1.jpg", "up/Pets/Dog/1.jpg", "set/data/train/a/1.jpg", "set/data/val/a/1.jpg"})
    place.write(name);
  const std::string root = place.path().string();
  EXPECT_NE(error_of(place.path() / "up").find("try: give " + root + "/up/Pets, which holds Cat and Dog"),
            std::string::npos);
  EXPECT_NE(error_of(place.path() / "set").find("give " + root + "/set/data, which holds train and val"),
            std::string::npos);
  EXPECT_NE(error_of(place.path() / "up/Pets/Cat").find("give " + root + "/up/Pets, which holds Cat and Dog"),
            std::string::npos);
}

TEST(ClassFolders, MayBeOneClassWhereNothingIsLearned) {
  Workplace place;
  place.write("cat/1.jpg");
  EXPECT_EQ(names_of(*open_data(place.path()).all), std::vector<std::string>{"cat"});
}

TEST(ClassFolders, RefuseALoopOfSymbolicLinks) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "b/2.jpg"}) place.write(name);
  std::filesystem::create_directory_symlink("../b", place.path() / "a/more");
  EXPECT_EQ(open_data(place.path()).all->size(), 3U);
  std::filesystem::create_directory_symlink("..", place.path() / "b/up");
  EXPECT_NE(error_of(place.path()).find("up: a loop of symbolic links"), std::string::npos);
}

TEST(ClassFolders, RefuseALinkToItselfAndPassOverABrokenOne) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "b/2.jpg"}) place.write(name);
  std::filesystem::create_symlink("nowhere.jpg", place.path() / "a/gone.jpg");
  Listener listener;
  EXPECT_EQ(open_data(place.path(), {}, listener).all->size(), 2U);
  EXPECT_TRUE(listener.heard("ignored 1 broken link: a/gone.jpg"));
  std::filesystem::create_symlink("self.jpg", place.path() / "a/self.jpg");
  EXPECT_NE(error_of(place.path()).find("a loop"), std::string::npos);
}

TEST(OpenFiles, WalksFoldersAndKeepsFilesAsGiven) {
  Workplace place;
  const auto first = place.write("z.jpg");
  place.write("d/2.jpg");
  place.write("d/1.jpg");
  const DatasetPtr files = open_files({first, place.path() / "d/"});
  const std::string root = place.path().string();
  EXPECT_EQ(ids(*files), (std::vector<std::string>{root + "/z.jpg", root + "/d/1.jpg", root + "/d/2.jpg"}));
  EXPECT_EQ(label_of(*files, 0), -1);
  EXPECT_EQ(files->get(0)->file(0)->path, first.string());
}

TEST(OpenFiles, KeepsAFileThatIsNotThereAsOneThatCannotBeRead) {
  Workplace place;
  const DatasetPtr files = open_files({place.path() / "none.jpg", place.write("1.jpg")});
  ASSERT_EQ(files->size(), 2U);
  EXPECT_THROW(files->get(0)->field(0), Error);
}

TEST(OpenFiles, RefusesFoldersWithoutAnyPicture) {
  Workplace place;
  place.write("d/notes.txt");
  EXPECT_THROW(open_files({place.path() / "d"}), Error);
}

TEST(Example, NamesAFileThatVanished) {
  Workplace place;
  const auto file = place.write("a/1.jpg");
  place.write("b/1.jpg");
  const DataParts parts = open_data(place.path());
  std::filesystem::remove(file);
  EXPECT_EQ(parts.all->get(0)->file(0), std::nullopt);
  EXPECT_THROW((void)parts.all->get(0)->field(0), Error);
}

TEST(Views, TakeSubsetsAndTheFirstOfEachClass) {
  Workplace place;
  for (const char* name : {"a/1.jpg", "a/2.jpg", "a/3.jpg", "b/1.jpg", "b/2.jpg"}) place.write(name);
  const DatasetPtr all = open_data(place.path()).all;
  EXPECT_EQ(ids(*first_per_class(all, 2)), (std::vector<std::string>{"a/1.jpg", "a/2.jpg", "b/1.jpg", "b/2.jpg"}));
  EXPECT_EQ(ids(*take(all, 2)), (std::vector<std::string>{"a/1.jpg", "a/2.jpg"}));
  EXPECT_EQ(take(all, 9)->size(), 5U);
  EXPECT_EQ(ids(*take(subset(all, {4, 0}), 1)), (std::vector<std::string>{"b/2.jpg"}));
  EXPECT_THROW(subset(all, {5}), Error);
}

TEST(ClassFolders, HoldTheMediumThatMostFilesAreOf) {
  Workplace place;
  for (const char* name : {"good/1.txt", "good/2.txt", "good/cover.png", "bad/1.txt", "bad/2.txt"}) place.write(name);
  Listener listener;
  const DataParts parts = open_data(place.path(), {}, listener);
  EXPECT_EQ(parts.all->info().inputs, std::vector{Medium::text});
  EXPECT_EQ(parts.all->size(), 4U);
  EXPECT_TRUE(listener.heard("ignored 1 file that is not a text: good/cover.png"));
}

TEST(ClassFolders, OfTextsAreSpokenOfAsTexts) {
  Workplace place;
  for (const char* name : {"train/good/1.txt", "train/bad/1.txt", "test/good/1.txt"}) place.write(name);
  Listener listener;
  (void)open_data(place.path(), {}, listener);
  EXPECT_TRUE(listener.heard("test/ has no texts of bad"));
  EXPECT_NE(error_of(place.path() / "train/good").find("texts, but no class folders"), std::string::npos);
}

TEST(ClassFolders, OfTextsEndWithoutTheLineEndOfTheFile) {
  Workplace place;
  place.write("good/1.txt", "a fine film.\r\n");
  place.write("bad/1.txt", "so\ndull\n\n");
  place.write("bad/2.txt", "\n");
  const DataParts parts = open_data(place.path());
  EXPECT_EQ(parts.all->get(0)->field(0).bytes.size(), 7U);
  EXPECT_EQ(parts.all->get(1)->field(0).bytes.size(), 0U);
  EXPECT_EQ(parts.all->get(2)->field(0).bytes.size(), 12U);
}

}  // namespace
}  // namespace enxerto
