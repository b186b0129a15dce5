#include "enxerto/training/batch_prefetch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

class Numbers : public BatchSource {
 public:
  std::size_t size() const override { return 100; }
  TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) override {
    ++made;
    if (examples.front() == bad)
      throw Error(ErrorKind::data, {.where = "bad.jpg", .found = "bad", .expected = "", .tip = ""});
    thread = std::this_thread::get_id();
    return {.inputs = {{"x", Tensor::scalar(static_cast<std::int64_t>(examples.front() + 1000 * epoch))}},
            .examples = 1};
  }
  std::string name(std::size_t) const override { return ""; }
  bool is_quick() const override { return quick; }

  bool quick = false;
  std::size_t bad = SIZE_MAX;
  std::atomic<std::size_t> made = 0;
  std::thread::id thread;
};

std::vector<MicroBatches> singles(std::size_t count) {
  std::vector<MicroBatches> batches;
  for (std::size_t i = 0; i < count; ++i) batches.push_back({{i}});
  return batches;
}

TEST(BatchPrefetch, GivesBatchesInOrderFromTheFirstThatIsWanted) {
  for (const bool quick : {false, true}) {
    Numbers source;
    source.quick = quick;
    BatchPrefetch batches(source, singles(20), 2, 5);
    for (std::int64_t i = 5; i < 20; ++i) EXPECT_EQ(batches.next()[0].inputs.at("x").as<std::int64_t>()[0], 2000 + i);
  }
}

TEST(BatchPrefetch, WorksBesideItsCallerUnlessTheSourceIsQuick) {
  for (const bool quick : {false, true}) {
    Numbers source;
    source.quick = quick;
    BatchPrefetch batches(source, singles(3), 0);
    (void)batches.next();
    EXPECT_EQ(source.thread == std::this_thread::get_id(), quick);
  }
}

TEST(BatchPrefetch, BringsExceptionsOverInTheirTurn) {
  for (const bool quick : {false, true}) {
    Numbers source;
    source.quick = quick;
    source.bad = 1;
    BatchPrefetch batches(source, singles(9), 0);
    EXPECT_NO_THROW((void)batches.next());
    EXPECT_THROW((void)batches.next(), Error);
  }
}

TEST(BatchPrefetch, EndsWithoutBeingReadToTheEnd) {
  Numbers source;
  {
    BatchPrefetch batches(source, singles(100), 0);
  }
  EXPECT_LE(source.made, 3U);
}

}  // namespace
}  // namespace enxerto
