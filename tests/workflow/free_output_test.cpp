#include "enxerto/workflow/free_output.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "enxerto/report/epochs_csv.h"
#include "enxerto/report/html.h"
#include "tests/files/thrown.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

class FreeOutput : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  Recipe::Output output(bool replace = false) const {
    return {.path = (folder_ / "model").string(), .replace = replace};
  }

  const testing::TemporaryDirectory directory_;
  const std::filesystem::path& folder_ = directory_.path();
};

TEST_F(FreeOutput, IsNoFolderOfSomethingElse) {
  EXPECT_NO_THROW(require_free_output(output()));
  EXPECT_THROW(require_free_output({.path = ""}), Error);
  std::filesystem::create_directories(folder_ / "model");
  EXPECT_THROW(require_free_output(output(true)), Error);
}

TEST_F(FreeOutput, MayHaveBesideItWhatAnotherRunLeft) {
  write("model.report.html", to_html({}));
  write("model.epochs.csv", epochs_csv({}));
  EXPECT_NO_THROW(require_free_output(output()));
}

TEST_F(FreeOutput, HasNoFileOfSomebodyElseBesideIt) {
  for (const char* name : {"model.report.html", "model.epochs.csv"}) {
    write(name, "<html>thesis</html>");
    expect_says(thrown_by([&] { require_free_output(output(true)); }), ErrorKind::usage, name);
    std::filesystem::remove(folder_ / name);
  }
}

}  // namespace
}  // namespace enxerto
