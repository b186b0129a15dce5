#include "enxerto/data/csv.h"

#include <gtest/gtest.h>

#include <clocale>

#include "enxerto/base/error.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/csv_tables.h"
#include "tests/data/targets.h"

namespace enxerto {
namespace {

using testing::label_of;
using Csv = testing::CsvTables;
using testing::has;
using testing::names_of;
using testing::numbers_of;
using Names = std::vector<std::string>;
using Numbers = std::vector<float>;

TEST_F(Csv, LabelsAndColumnsOfAnotherEncodingAreRefusedWithTheirLine) {
  const std::string label = refusal("file,label\n1.jpg,gato\n2.jpg,p\xE1ssaro\n");
  EXPECT_TRUE(has(label, "t.csv:3: the byte 0xE1") && has(label, "'p\xC3\xA1ssaro'")) << label;
  EXPECT_TRUE(has(refusal("file,pre\xE7o\n1.jpg,1.5\n2.jpg,2.5\n"), "t.csv:1: the byte 0xE7"));
  EXPECT_TRUE(has(refusal("file,labels\n1.jpg,a|b\n2.jpg,a|\xE9\n"), "t.csv:3: the byte 0xE9"));
  open("file,label,note\n1.jpg,a,\xE9\n2.jpg,b,c\n");  // what is not used does not matter
}

TEST_F(Csv, AColumnOfClassesIsSortedByName) {
  const DatasetPtr all = open("file,label\n1.jpg,dog\n2.jpg, cat \n3.jpg,dog\n").all;
  EXPECT_EQ(all->info().target.kind, kClassTarget);
  EXPECT_EQ(names_of(*all), (Names{"cat", "dog"}));
  EXPECT_EQ(label_of(*all, 0), 1);
  EXPECT_EQ(label_of(*all, 1), 0);
  EXPECT_EQ(all->get(2)->id(), "3.jpg");
  EXPECT_EQ(all->get(2)->field(0).bytes.size(), 5U);
}

TEST_F(Csv, ClassesMayBeNumbersInAColumnCalledLabelOrClass) {
  EXPECT_EQ(names_of(*open("image,Class\n1.jpg,0\n2.jpg,1\n").all), (Names{"0", "1"}));
}

TEST_F(Csv, MessagesCallTheExamplesOfATableOfSoundsClips) {
  for (const char* name : {"1.wav", "2.wav"}) place_.write(name, name);
  open("file,label,length\n1.wav,dog,3\n2.wav,cat,4\n3.wav,dog,3\n1.wav,dog,3\n", {.targets = {"label"}});
  EXPECT_TRUE(listener_.heard("clips: file; classes: label; not used: length"));
  EXPECT_TRUE(listener_.heard("1 of its 4 clips not found"));
  EXPECT_TRUE(listener_.heard("1 row repeats the clip of an earlier row"));
  const std::string missing = refusal("file,label\na.wav,dog\nb.wav,cat\n");
  EXPECT_TRUE(has(missing, "missing clip 'a.wav'")) << missing;
  EXPECT_TRUE(has(missing, "name the folder with the clips (data.images)")) << missing;
}

TEST_F(Csv, SeveralLabelsInACellAreMultiLabel) {
  const DatasetPtr all = open("path,labels\n1.jpg,sea | ice cream\n2.jpg,\n3.jpg,sky|sea|sea\n").all;
  EXPECT_EQ(all->info().target.kind, kMultiLabelTarget);
  EXPECT_EQ(names_of(*all), (Names{"ice cream", "sea", "sky"}));
  EXPECT_EQ(numbers_of(*all, 0), (Numbers{1, 1, 0}));
  EXPECT_EQ(numbers_of(*all, 1), (Numbers{0, 0, 0}));
  EXPECT_EQ(numbers_of(*all, 2), (Numbers{0, 1, 1}));
}

TEST_F(Csv, LabelsAreSeparatedBySemicolonsOrSpacesWhereThereIsNothingElse) {
  EXPECT_EQ(names_of(*open("path,tags\n1.jpg,a b;c\n2.jpg,c\n").all), (Names{"a b", "c"}));
  EXPECT_EQ(names_of(*open("path,tags\n1.jpg,a b\n2.jpg,c\n").all), (Names{"a", "b", "c"}));
}

TEST_F(Csv, ColumnsOfZeroAndOneAreMultiLabel) {
  const DatasetPtr all = open("id,name,sea,sky\n9,1.jpg,1,1\n8,2.jpg,0.0,1.0\n").all;
  EXPECT_EQ(all->info().target.kind, kMultiLabelTarget);
  EXPECT_EQ(names_of(*all), (Names{"sea", "sky"}));
  EXPECT_EQ(numbers_of(*all, 1), (Numbers{0, 1}));
}

TEST_F(Csv, ColumnsOfNumbersAreValues) {
  const DatasetPtr all = open("file,age,weight\n1.jpg,3,-1.5e2\n2.jpg, +4.25 ,0\n").all;
  EXPECT_EQ(all->info().target.kind, kRegressionTarget);
  EXPECT_EQ(names_of(*all), (Names{"age", "weight"}));
  EXPECT_EQ(numbers_of(*all, 0), (Numbers{3, -150}));
  EXPECT_EQ(numbers_of(*all, 1), (Numbers{4.25F, 0}));
}

TEST_F(Csv, TheKindAndTheColumnsMayBeAskedFor) {
  const std::string text = "file,a,b,note\n1.jpg,0,1,x\n2.jpg,1,1,y\n";
  EXPECT_EQ(numbers_of(*open(text, {.kind = "regression", .targets = {"b", "a"}, .images = ""}).all, 0),
            (Numbers{1, 0}));
  EXPECT_EQ(open(text, {.kind = "auto", .targets = {"a", "b"}, .images = ""}).all->info().target.kind,
            kMultiLabelTarget);
  EXPECT_EQ(names_of(*open(text, {.kind = "classes", .targets = {"note"}, .images = ""}).all), (Names{"x", "y"}));
  EXPECT_EQ(names_of(*open(text, {.kind = "classes", .targets = {"a"}, .images = ""}).all), (Names{"0", "1"}));
}

TEST_F(Csv, PicturesMayBeInAnotherFolderAndBelow) {
  place_.write("pictures/a/5.jpg");
  place_.write("pictures/6.jpg");
  const std::string text = "x,label\na/5.jpg,p\n6.jpg,q\n" + (place_.path() / "1.jpg").string() + ",p\n";
  const DatasetPtr all =
      open(text, {.kind = "auto", .targets = {}, .images = (place_.path() / "pictures").string()}).all;
  EXPECT_EQ(all->get(0)->id(), "a/5.jpg");
  EXPECT_EQ(all->get(0)->field(0).bytes.size(), 1U);
  EXPECT_EQ(all->get(2)->field(0).bytes.size(), 5U);
}

TEST_F(Csv, AColumnSplitMakesParts) {
  const DataParts parts = open("file,split,age\n1.jpg,train,1\n2.jpg,Val,2\n3.jpg,test,3\n4.jpg, train,4\n");
  ASSERT_TRUE(parts.has_parts());
  EXPECT_EQ(parts.train->size(), 2U);
  EXPECT_EQ(numbers_of(*parts.train, 1), Numbers{4});
  EXPECT_EQ(parts.train->info().target.kind, kRegressionTarget);
  EXPECT_EQ(numbers_of(*parts.validation, 0), Numbers{2});
  EXPECT_EQ(parts.test->get(0)->id(), "3.jpg");
  EXPECT_TRUE(has(refusal("file,split,age\n1.jpg,train,1\n2.jpg,later,2\n"), "t.csv:3: 'later'"));
  EXPECT_TRUE(has(refusal("file,split,age\n1.jpg,test,1\n"), "no row of the train split"));
}

TEST_F(Csv, OfAPartWithAClassThatTheTrainingPartLacksCanOnlyBeMeasuredOn) {
  const std::string text = "file,split,kind\n1.jpg,train,a\n2.jpg,train,b\n3.jpg,test,c\n";
  EXPECT_TRUE(has(refusal(text), "of which the training part has none"));
  const DataParts parts = open(text, {.measured = true});
  EXPECT_EQ(names_of(*parts.test), (Names{"a", "b", "c"}));
}

TEST_F(Csv, TabsAndSemicolonsSeparateToo) {
  EXPECT_EQ(names_of(*open("file\tlabel\n1.jpg\ta, b\n2.jpg\tc\n", {}, "t.TSV").all), (Names{"a, b", "c"}));
  EXPECT_EQ(numbers_of(*open("file;age\n1.jpg;1.5\n2.jpg;2\n").all, 0), Numbers{1.5F});
}

TEST_F(Csv, ByteOrderMarkLineEndsAndEmptyLinesDoNotMatter) {
  const DatasetPtr all = open("\xEF\xBB\xBF\"file\",\"label\"\r\n\r\n1.jpg,\"a \"\"x\"\"\nb\"\r2.jpg,c\r\n\r\n").all;
  EXPECT_EQ(names_of(*all), (Names{"a \"x\"\\x0ab", "c"}));
  EXPECT_EQ(all->size(), 2U);
}

TEST_F(Csv, NumbersAreTheSameInALocaleWithDecimalCommas) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(numbers_of(*open("file,age\n1.jpg,1.5\n").all, 0), Numbers{1.5F});
  std::setlocale(LC_ALL, before.c_str());
  EXPECT_TRUE(has(refusal("file,age,a\n1.jpg,\"1,5\",2\n"), "t.csv:2: '1,5' in column 'age'"));
}

TEST_F(Csv, ErrorsNameFileAndLine) {
  EXPECT_TRUE(has(refusal("file,age\n1.jpg,1\n2.jpg,1,2\n"), "t.csv:3: 3 fields; expected 2"));
  EXPECT_TRUE(has(refusal("file,a,b\n1.jpg,1,2\n2.jpg,3,\n"), "t.csv:3: '' in column 'b'"));
  EXPECT_TRUE(has(refusal("file,a,b\n1.jpg,1,2\n2.jpg,3,\n"), "fill it in, leave the row out"));
  EXPECT_TRUE(has(refusal("file,a,b\n1.jpg,nan,2\n"), "'nan'"));
  EXPECT_TRUE(has(refusal("file,a,b\n1.jpg,1e300,2\n"), "'1e300'"));
  EXPECT_TRUE(has(refusal("file,label\n7.jpg,b\n8.jpg,b\n"), "t.csv:2: missing picture '7.jpg', like all 2"));
  EXPECT_TRUE(has(refusal("file,label\n1.jpg,a\n,b\n"), "t.csv:3: no file name"));
  EXPECT_TRUE(has(refusal("file,label\n1.jpg,a\n2.jpg,\n"), "t.csv:3: an empty cell in column 'label'"));
  EXPECT_TRUE(has(refusal("file,label\n1.jpg,\"a\n"), "t.csv:2: an unclosed quote"));
  EXPECT_TRUE(has(refusal("file,label\n1.jpg,\"a\"b\n"), "t.csv:2: text after a closing quote"));
}

TEST_F(Csv, WhatHoldsNothingIsRefused) {
  EXPECT_TRUE(has(refusal(""), "an empty file"));
  EXPECT_TRUE(has(refusal("\n\r\n"), "an empty file"));
  EXPECT_TRUE(has(refusal("file,label\n"), "no rows"));
  EXPECT_TRUE(has(refusal("file\n1.jpg\n"), "no target column"));
  EXPECT_TRUE(has(refusal("file,labels\n1.jpg,\n"), "no picture has a label"));
  EXPECT_TRUE(has(refusal(std::string_view("f\0i\0l\0e\0", 8)), "UTF-16"));
  EXPECT_TRUE(has(refusal("file,a,a\n1.jpg,1,2\n"), "two columns 'a'"));
}

TEST_F(Csv, AskingForWhatIsNotThereIsRefused) {
  const std::string text = "file,age,note\n1.jpg,1,x\n2.jpg,2,y\n";
  const auto asking = [](std::string kind, Names targets) {
    return TableOptions{.kind = std::move(kind), .targets = std::move(targets), .images = ""};
  };
  EXPECT_TRUE(has(refusal(text, asking("auto", {"agee"}), ErrorKind::usage), "did you mean 'age'"));
  EXPECT_TRUE(has(refusal(text, asking("regression", {"note"})), "t.csv:2: 'x' in column 'note'"));
  EXPECT_TRUE(has(refusal(text), "could be learned: age (numbers), note (classes)"));
  EXPECT_TRUE(has(refusal(text, asking("ages", {}), ErrorKind::usage), "'ages'"));
  EXPECT_TRUE(has(refusal(text, asking("classes", {"age", "note"}), ErrorKind::usage), "2 columns as a class"));
  EXPECT_TRUE(has(refusal(text, asking("auto", {"file"}), ErrorKind::usage), "names the pictures"));
  EXPECT_TRUE(has(refusal(text, asking("auto", {"age", "age"}), ErrorKind::usage), "twice"));
}

TEST_F(Csv, NoticesSayWhatLooksWrong) {
  open("file,sea,sky,ice\n1.jpg,1,0,1\n2.jpg,1,0,0\n1.jpg,1,0,0\n");
  EXPECT_TRUE(listener_.heard("every picture has sea"));
  EXPECT_TRUE(listener_.heard("no picture has sky"));
  EXPECT_TRUE(listener_.heard("1.jpg, lines 2 and 4)"));
}

TEST_F(Csv, PicturesAreFoundUnderManyNamesAndByContent) {
  for (const char* name : {"image_path", "File Path", "file_name", "image_id", "img", "ImageFile", "anything"}) {
    const DatasetPtr all = open(std::string("label,") + name + "\na,1.jpg\nb,2.jpg\n").all;
    EXPECT_EQ(all->get(0)->id(), "1.jpg") << name;
    EXPECT_EQ(names_of(*all), (Names{"a", "b"})) << name;
  }
  EXPECT_EQ(open("id,filepath,label\n7,1.jpg,a\n8,2.jpg,b\n").all->get(1)->id(), "2.jpg");
  EXPECT_EQ(open("name,image,label\ntom,1.jpg,a\nann,2.jpg,b\n").all->get(1)->id(), "2.jpg");
}

TEST_F(Csv, NumbersOfWhichSomeAreNotKnownAreNoClasses) {
  try {
    open("image,price\n1.jpg,100.5\n2.jpg,N/A\n3.jpg,99\n");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("t.csv:3: 'N/A' in column 'price'"), std::string::npos) << error.what();
    EXPECT_NE(error.text().tip.find("data.kind"), std::string::npos);
  }
  for (const char* cell : {"", "nan", "NA"})
    EXPECT_TRUE(has(refusal(std::string("image,price\n1.jpg,100.5\n2.jpg,") + cell + "\n3.jpg,99\n"), "number"))
        << cell;
  EXPECT_EQ(open("image,label\n1.jpg,1\n2.jpg,N/A\n3.jpg,2\n").all->info().target.kind, kClassTarget);
  EXPECT_EQ(open("image,size\n1.jpg,1\n2.jpg,N/A\n3.jpg,large\n").all->info().target.kind, kClassTarget);
}

TEST_F(Csv, WhatIsChosenByContentOrNotUsedIsSaid) {
  open("picture of,kind,width\n1.jpg,a,3\n2.jpg,b,4\n", {.kind = "classes", .targets = {"kind"}, .images = ""});
  EXPECT_TRUE(listener_.heard("t.csv: pictures: picture of; classes: kind; not used: width"));
  listener_.notices.clear();
  open("image,label\n1.jpg,a\n2.jpg,b\n");
  EXPECT_TRUE(listener_.notices.empty());
  open("image,stars\n1.jpg,1\n2.jpg,2\n");
  EXPECT_TRUE(listener_.heard("numbers to predict: stars; for classes say so (data.kind = \"classes\")"));
}

TEST_F(Csv, ATableWithoutNamesOfColumnsOrOfPixelsIsRefused) {
  EXPECT_TRUE(has(refusal("1.jpg,a\n2.jpg,b\n"), "the first line names a file, '1.jpg'"));
  place_.write("img/1.png");
  EXPECT_TRUE(has(refusal("img/1,a\nimg/1,b\n"), "t.csv:1: the first line names a file, 'img/1'"));
  place_.write("7f3a.jpg");
  place_.write("9b21.jpg");
  EXPECT_TRUE(has(refusal("7f3a,a\n9b21,b\n"), "t.csv:1: the first line names a file, '7f3a'"));
  std::string header = "label", row = "3";
  for (int i = 0; i < 20; ++i) header += ",pixel" + std::to_string(i), row += ",0";
  EXPECT_TRUE(has(refusal(header + "\n" + row + "\n"), "pixel0, pixel1, .. pixel19: pixels, not names of pictures"));
}

TEST_F(Csv, DecimalCommasAreRefusedNotTakenForClasses) {
  for (const char* column : {"weight", "label"})
    EXPECT_TRUE(has(refusal(std::string("image;") + column + "\n1.jpg;1,5\n2.jpg;2\n3.jpg;1,5\n"),
                    "t.csv:2: '1,5' in column '"));
  EXPECT_TRUE(has(refusal("image;weight\n1.jpg;1,5\n2.jpg;2,5\n"), "a number with a decimal point"));
}

TEST_F(Csv, ANumberThatIsMissingMakesNoClassesOfNumbers) {
  for (const char* cell : {"nan", "NaN", "-inf", "1e39"})
    EXPECT_TRUE(has(refusal(std::string("image,age\n1.jpg,31\n2.jpg,") + cell + "\n3.jpg,40.5\n"),
                    std::string("t.csv:3: '") + cell + "' in column 'age'"))
        << cell;
  EXPECT_EQ(open("image,class\n1.jpg,nan\n2.jpg,dog\n").all->info().target.names, (Names{"dog", "nan"}));
}

TEST_F(Csv, NumbersThatAreNotWholeAreNoClasses) {
  EXPECT_EQ(open("image,label\n1.jpg,0.25\n2.jpg,1\n").all->info().target.kind, kRegressionTarget);
}

TEST_F(Csv, LabelsMayBeSeparatedByCommas) {
  EXPECT_EQ(names_of(*open("path,labels\n1.jpg,\"cat, wet\"\n2.jpg,dog\n").all), (Names{"cat", "dog", "wet"}));
}

TEST_F(Csv, ColumnsOfTrueAndFalseOrOfSignsAreMultiLabel) {
  const DatasetPtr words = open("image,cat,dog\n1.jpg,True,yes\n2.jpg,no,yes\n").all;
  EXPECT_EQ(words->info().target.kind, kMultiLabelTarget);
  EXPECT_EQ(numbers_of(*words, 1), (Numbers{0, 1}));
  EXPECT_EQ(numbers_of(*open("image,cat,dog\n1.jpg,1,-1\n2.jpg,-1,-1\n").all, 0), (Numbers{1, 0}));
}

TEST_F(Csv, PartsAreFoundUnderOtherNames) {
  const std::string rows = "\n1.jpg,a,Train\n2.jpg,b,Dev\n3.jpg,b,training\n4.jpg,a,Test\n";
  for (const char* name : {"set", "Subset", "whatever"}) {
    const DataParts parts = open("image,label," + std::string(name) + rows);
    ASSERT_TRUE(parts.has_parts()) << name;
    EXPECT_EQ(parts.train->size(), 2U);
    EXPECT_EQ(parts.validation->size(), 1U);
  }
  const DataParts flagged = open("name,label,is_valid\n1.jpg,a,False\n2.jpg,b,True\n3.jpg,b,False\n");
  EXPECT_EQ(flagged.train->size(), 2U);
  EXPECT_EQ(flagged.validation->get(0)->id(), "2.jpg");
  EXPECT_TRUE(listener_.heard("parts: is_valid"));
}

TEST_F(Csv, SeparatorsAreSeenAndExcelsFirstLineIsUnderstood) {
  for (const char* text : {"file\tlabel\n1.jpg\ta\n2.jpg\tb\n", "file|label\n1.jpg|a\n2.jpg|b\n",
                           "sep=;\r\nfile;label\r\n1.jpg;a\r\n2.jpg;b\r\n", "file,label\n1.jpg,a\n2.jpg,b\n,\n,\n"})
    EXPECT_EQ(names_of(*open(text).all), (Names{"a", "b"})) << text;
  EXPECT_TRUE(has(refusal("sep=;\nfile;age\n1.jpg;1\n2.jpg;x;3\n"), "t.csv:4: 3 fields"));
}

TEST_F(Csv, IsOpenedLikeAnyData) {
  const auto path = place_.write("t.csv", "file,age\n1.jpg,1\n2.jpg,2\n");
  EXPECT_EQ(open_data(path).format, "table of numbers");
  EXPECT_EQ(names_of(*open_data(path, {.kind = "multi_label", .targets = {}, .images = ""}).all), (Names{"1", "2"}));
  place_.write("d/a/1.jpg");
  place_.write("d/b/1.jpg");
  EXPECT_THROW(open_data(place_.path() / "d", {.kind = "regression", .targets = {}, .images = ""}), Error);
  EXPECT_EQ(csv_columns(path), (Names{"file", "age"}));
}

TEST_F(Csv, ReadsTheGroupsThatNoSplitDivides) {
  const auto groups_of = [](const DatasetPtr& data) {
    Names groups;
    for (std::size_t i = 0; i < data->size(); ++i) groups.push_back(data->get(i)->group());
    return groups;
  };
  constexpr std::string_view kTable = "file,label,group,patient\n1.jpg,a,x,7\n2.jpg,b,y,7\n3.jpg,a,,8\n4.jpg,b,x,9\n";
  const DataParts parts = open(kTable);
  EXPECT_EQ(parts.all->info().target.names, (Names{"a", "b"}));
  EXPECT_EQ(groups_of(parts.all), (Names{"x", "y", "", "x"}));
  EXPECT_EQ(groups_of(open(kTable, {.group = "patient"}).all), (Names{"7", "7", "8", "9"}));
  EXPECT_NE(refusal(kTable, {.group = "patients"}, ErrorKind::usage).find("patient"), std::string::npos);
  EXPECT_NE(refusal(kTable, {.group = "file"}, ErrorKind::usage).find("file"), std::string::npos);
  // A table of which the groups are all that there is to learn.
  EXPECT_EQ(open("file,group\n1.jpg,x\n2.jpg,y\n").all->info().target.names, (Names{"x", "y"}));
}

}  // namespace
}  // namespace enxerto
