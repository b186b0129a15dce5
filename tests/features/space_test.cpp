// Records of varying length in a feature space.
#include "enxerto/features/space.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "enxerto/base/row_view.h"
#include "pictures.h"

namespace enxerto {
namespace {

using testing::kind_of_error;
using testing::PicturesWorkplace;

const SpaceRecord kTokens{.description = "tokens",
                          .layout = {.values = {{.name = "hidden", .dtype = DType::f32, .shape = {-1, 3}},
                                                {.name = "mask", .dtype = DType::u8, .shape = {-1}}}}};

/// Of example `number`, which is number % 5 + 1 tokens long.
std::vector<Tensor> values_of(std::uint64_t number) {
  const auto length = static_cast<std::int64_t>(number % 5 + 1);
  std::vector<float> hidden(static_cast<std::size_t>(3 * length));
  std::iota(hidden.begin(), hidden.end(), static_cast<float>(number));
  return {Tensor::of<float>({length, 3}, hidden),
          Tensor::of<std::uint8_t>({length}, std::vector<std::uint8_t>(static_cast<std::size_t>(length), 1))};
}

Hash128 content_of(std::uint64_t number) { return {.high = 7, .low = number + 1}; }

/// Adds examples `begin` to `end` at once.
std::vector<RowPlace> append(RowStore& store, std::uint64_t begin, std::uint64_t end) {
  std::vector<Hash128> contents;
  std::vector<std::size_t> lengths;
  std::vector<std::byte> bytes;
  for (std::uint64_t i = begin; i < end; ++i) {
    const std::vector<Tensor> values = values_of(i);
    contents.push_back(content_of(i));
    lengths.push_back(record_bytes(kTokens.layout, DType::f32, values));
    bytes.resize(bytes.size() + lengths.back());
    write_record(kTokens.layout, DType::f32, values, std::span(bytes).last(lengths.back()));
  }
  return store.append(contents, {.bytes = bytes, .lengths = lengths});
}

std::vector<RowPlace> find(const RowStore& store, std::uint64_t count) {
  std::vector<Hash128> contents;
  for (std::uint64_t i = 0; i < count; ++i) contents.push_back(content_of(i));
  std::vector<RowPlace> places(count);
  store.find(contents, places);
  return places;
}

bool is_example(const RowStore& store, const RowPlace& place, std::uint64_t number) {
  const RowView row(kTokens.layout, DType::f32, store.record(place));
  const std::vector<Tensor> wanted = values_of(number);
  return identical(row.tensor(0), wanted[0]) && identical(row.tensor(1), wanted[1]);
}

TEST(VaryingSpace, GivesBackRecordsOfEveryLength) {
  const PicturesWorkplace place;
  {
    const auto store = open_space(place / "space", kTokens);
    const std::vector<RowPlace> fresh = append(*store, 0, 20);
    for (std::uint64_t i = 0; i < 20; ++i) EXPECT_TRUE(is_example(*store, fresh[i], i)) << i;
    append(*store, 20, 23);
    store->finish();
  }
  const auto store = open_space(place / "space", kTokens);
  const std::vector<RowPlace> places = find(*store, 24);
  for (std::uint64_t i = 0; i < 23; ++i) {
    ASSERT_TRUE(places[i].found()) << i;
    EXPECT_TRUE(is_example(*store, places[i], i)) << i;
  }
  EXPECT_EQ(places[23].state, RowPlace::State::missing);
}

TEST(VaryingSpace, IsTheSameInATemporaryFile) {
  const auto store = temporary_rows(0);
  const std::vector<RowPlace> places = append(*store, 0, 9);
  for (std::uint64_t i = 0; i < 9; ++i) EXPECT_TRUE(is_example(*store, places[i], i)) << i;
}

TEST(VaryingSpace, NeverShowsATornTail) {
  const PicturesWorkplace place;
  const std::filesystem::path folder = place / "space";
  {
    const auto store = open_space(folder, kTokens);
    append(*store, 0, 10);
    store->finish();
  }
  std::ofstream(folder / "seg-0.bin", std::ios::binary | std::ios::app) << "torn!";
  const auto store = open_space(folder, kTokens);
  append(*store, 10, 12);
  store->finish();
  const std::vector<RowPlace> places = find(*store, 12);
  for (std::uint64_t i = 0; i < 12; ++i) {
    ASSERT_TRUE(places[i].found()) << i;
    EXPECT_TRUE(is_example(*store, places[i], i)) << i;
  }
}

TEST(VaryingSpace, IsWholeAfterAKill) {
  const PicturesWorkplace place;
  const std::filesystem::path folder = place / "space";
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto store = open_space(folder, kTokens);
    append(*store, 0, 8);
    store->finish();
    if (write(ends[1], "x", 1) != 1) _exit(1);
    for (std::uint64_t i = 8;; ++i) append(*store, i, i + 1);
  }
  char ready = 0;
  ASSERT_EQ(read(ends[0], &ready, 1), 1);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  const auto store = open_space(folder, kTokens);
  const std::vector<RowPlace> places = find(*store, 200);
  for (std::uint64_t i = 0; i < 200; ++i) {
    EXPECT_NE(places[i].state, RowPlace::State::damaged) << i;
    EXPECT_TRUE(i >= 8 || places[i].found()) << i;
    EXPECT_TRUE(!places[i].found() || is_example(*store, places[i], i)) << i;
  }
}

TEST(VaryingSpace, NamesADamagedRecordAloneAsDamaged) {
  const PicturesWorkplace place;
  const std::filesystem::path folder = place / "space";
  std::vector<RowPlace> fresh;
  {
    const auto store = open_space(folder, kTokens);
    fresh = append(*store, 0, 10);
    store->finish();
  }
  std::fstream file(folder / "seg-0.bin", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(fresh[4].row * kRecordUnit));
  file.put('\x7f');
  file.close();
  const auto store = open_space(folder, kTokens);
  const std::vector<RowPlace> places = find(*store, 10);
  for (std::uint64_t i = 0; i < 10; ++i)
    EXPECT_EQ(places[i].state, i == 4 ? RowPlace::State::damaged : RowPlace::State::found) << i;
}

TEST(VaryingSpace, IsRefusedWithAnotherLayout) {
  const PicturesWorkplace place;
  (void)open_space(place / "space", kTokens);
  SpaceRecord other = kTokens;
  other.layout.values[1].name = "attention_mask";
  EXPECT_EQ(kind_of_error([&] { open_space(place / "space", other); }), ErrorKind::disk);
  EXPECT_NO_THROW((void)open_space(place / "space", kTokens));
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(VaryingSpace, IsUsedOnWhateverBitOfItsDescriptionIsFlipped) {
  const PicturesWorkplace place;
  const std::filesystem::path folder = place / "space";
  {
    const auto store = open_space(folder, kTokens);
    (void)append(*store, 0, 10);
    store->finish();
  }
  for (const char* name : {"space.json", "space.xxh3"}) {
    const std::string whole = text_of(folder / name);
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 5) {
      std::string damaged = whole;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      testing::write_file(folder / name, damaged);
      std::vector<std::string> repairs;
      const auto store = open_space(folder, kTokens, &repairs);
      for (const RowPlace& at : find(*store, 10)) EXPECT_TRUE(at.found()) << name << ", bit " << bit;
    }
    testing::write_file(folder / name, whole);
  }
}

TEST(VaryingSpace, IsMadeAnewWithANoticeWhereNothingTellsWhatItHolds) {
  const PicturesWorkplace place;
  const std::filesystem::path folder = place / "space";
  {
    const auto store = open_space(folder, kTokens);
    (void)append(*store, 0, 10);
    store->finish();
  }
  testing::write_file(folder / "space.json", "\xff");
  std::filesystem::remove(folder / "space.xxh3");
  std::vector<std::string> repairs;
  const auto store = open_space(folder, kTokens, &repairs);
  ASSERT_EQ(repairs.size(), 1U);
  EXPECT_NE(repairs[0].find("computed again"), std::string::npos) << repairs[0];
  for (const RowPlace& at : find(*store, 10)) EXPECT_FALSE(at.found());
}

TEST(FixedSpace, OfOneMatrixIsDescribedAsEverSince) {
  const PicturesWorkplace place;
  const SpaceRecord matrix{.description = "pooled",
                           .layout = {.values = {{.name = "x", .dtype = DType::f32, .shape = {4}}}}};
  const auto store = open_space(place / "space", matrix);
  const std::vector<float> rows{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<Hash128> contents{content_of(0), content_of(1)};
  store->append(contents, {.bytes = std::as_bytes(std::span(rows))});
  store->finish();
  std::ifstream json(place / "space/space.json");
  const std::string text((std::istreambuf_iterator<char>(json)), {});
  EXPECT_EQ(text, "{\n  \"schema_version\": 1,\n  \"description\": \"pooled\",\n  \"row_shape\": [\n    4\n  ]\n}\n");
  std::ifstream segment(place / "space/seg-0.bin", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(segment)), {});
  ASSERT_EQ(bytes.size(), 32U);
  EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span(bytes)), std::as_bytes(std::span(rows))));
}

}  // namespace
}  // namespace enxerto
