#include "enxerto/engine/load_module.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

class LoadModule : public ::testing::Test {
 protected:
  LoadModule() {
    std::string path = (std::filesystem::temp_directory_path() / "enxerto_module_XXXXXX").string();
    directory_ = mkdtemp(path.data());
  }
  ~LoadModule() override { std::filesystem::remove_all(directory_); }

  /// The error of opening from `directory_`.
  Error refused() const {
    try {
      open_module({directory_});
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
  }

  std::filesystem::path file() const { return directory_ / "libenxerto_openvino.so"; }

  std::filesystem::path directory_;
};

TEST_F(LoadModule, SaysWhereItLookedAndWhatToInstall) {
  const Error error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::other);
  EXPECT_NE(error.text().found.find(directory_.string()), std::string::npos) << error.what();
  EXPECT_NE(error.text().tip.find("tools/setup"), std::string::npos) << error.what();
}

TEST_F(LoadModule, SaysWhyAFileCannotBeLoaded) {
  std::ofstream(file()) << "not a library";
  const Error error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::other);
  EXPECT_NE(error.text().found.find("cannot be loaded"), std::string::npos) << error.what();
}

TEST_F(LoadModule, RefusesALibraryThatIsNotOfThisVersion) {
  Dl_info info{};
  ASSERT_NE(dladdr(reinterpret_cast<const void*>(&::strtol), &info), 0);
  std::filesystem::create_symlink(info.dli_fname, file());
  const Error error = refused();
  EXPECT_NE(error.text().found.find("another version"), std::string::npos) << error.what();
}

TEST_F(LoadModule, LooksInTheChosenDirectoryFirst) {
  const char* const before = std::getenv("ENXERTO_ENGINE_DIR");
  const std::string saved = before == nullptr ? "" : before;
  setenv("ENXERTO_ENGINE_DIR", directory_.c_str(), 1);
  EXPECT_EQ(module_directories().front(), directory_);
  if (before == nullptr)
    unsetenv("ENXERTO_ENGINE_DIR");
  else
    setenv("ENXERTO_ENGINE_DIR", saved.c_str(), 1);
}

TEST_F(LoadModule, RefusesTheEntryOfAnotherVersion) {
  const EngineModule& module = engine_module();
  EXPECT_FALSE(module.version().empty());
  void* const library = dlopen((std::filesystem::path(ENXERTO_TEST_ENGINE_DIR) / "libenxerto_openvino.so").c_str(),
                               RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(library, nullptr);
  const auto entry = reinterpret_cast<EngineModuleEntry>(dlsym(library, kModuleEntryName));
  EXPECT_EQ(entry(kModuleVersion + 1), nullptr);
  EXPECT_EQ(entry(kModuleVersion), &module);
  dlclose(library);
}

}  // namespace
}  // namespace enxerto
