#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/engine/executor.h"
#include "enxerto/files/read.h"
#include "enxerto/graph/builder.h"
#include "tests/engine/small_networks.h"

namespace enxerto {
namespace {

constexpr std::int64_t kWide = 4096;

/// A dense layer whose weights, 64 kB, lie in a file that is mapped.
class ShrunkWeights : public ::testing::Test {
 protected:
  ShrunkWeights() {
    std::string name = (std::filesystem::temp_directory_path() / "enxerto-shrunk-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ / "weights.bin";
    const std::vector<float> values = testing::numbers(4 * kWide, 7);
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size() * 4));
  }
  ~ShrunkWeights() override { std::filesystem::remove_all(folder_); }

  Graph network() const {
    const MappedFile file(path_, ErrorKind::weights);
    GraphBuilder builder("wide");
    builder.stage("head");
    builder.output(builder.linear(builder.input("x", {"batch", kWide}), "fc", 4), "y");
    Graph graph = testing::filled(std::move(builder).finish());
    graph.parameters.set("fc.weight", Tensor(DType::f32, {4, kWide}, file.share(0)));
    return graph;
  }

  std::filesystem::path folder_, path_;
};

TEST_F(ShrunkWeights, AreAnErrorThatNamesTheFileAndNotAnAnswer) {
  for (const off_t left : {0, 4096, 3 * 4096}) {
    const Graph graph = network();
    ASSERT_EQ(::truncate(path_.c_str(), left), 0);
    try {
      const auto executor = compile(graph, {.threads = 1, .streams = 1, .batch = 1});
      (void)executor->run(testing::tensor_of({1, kWide}, 3));
      ADD_FAILURE() << "answered from " << left << " bytes of weights";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      EXPECT_EQ(error.text().where, path_.string());
    }
    ASSERT_EQ(::truncate(path_.c_str(), 4 * 4 * kWide), 0);
  }
}

}  // namespace
}  // namespace enxerto
