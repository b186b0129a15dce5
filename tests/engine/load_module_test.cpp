#include "enxerto/engine/load_module.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/base/memory_message.h"

namespace enxerto {
namespace {

using Directories = std::vector<std::filesystem::path>;

/// One of the two modules, opened for the sake of its errors.
struct Row {
  const char* name;
  const char* file;
  void (*open)(const Directories&);
  const char* tip;
};

class LoadModule : public ::testing::TestWithParam<Row> {
 protected:
  LoadModule() {
    std::string path = (std::filesystem::temp_directory_path() / "enxerto_module_XXXXXX").string();
    directory_ = mkdtemp(path.data());
  }
  ~LoadModule() override { std::filesystem::remove_all(directory_); }

  /// The error of opening from `directory_`.
  Error refused() const {
    try {
      GetParam().open({directory_});
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
  }

  std::filesystem::path file() const { return directory_ / GetParam().file; }

  std::filesystem::path directory_;
};

TEST(MemoryMessage, IsToldFromOtherReasons) {
  for (const char* text :
       {"libtorch_cpu.so: failed to map segment from shared object", "Converting input model; std::bad_alloc",
        "libx.so: cannot allocate memory in static TLS block", "DefaultCPUAllocator: Cannot allocate memory",
        "can't alloc", "thread: Resource temporarily unavailable"})
    EXPECT_TRUE(says_memory_is_short(text)) << text;
  EXPECT_FALSE(says_memory_is_short("libtorch_cpu.so: cannot open shared object file"));
}

TEST_P(LoadModule, SaysWhereItLookedAndWhatToInstall) {
  const Error error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::other);
  EXPECT_NE(error.text().found.find(directory_.string()), std::string::npos) << error.what();
  EXPECT_NE(error.text().tip.find(GetParam().tip), std::string::npos) << error.what();
}

TEST_P(LoadModule, SaysWhyAFileCannotBeLoaded) {
  std::ofstream(file()) << "not a library";
  const Error error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::other);
  EXPECT_NE(error.text().found.find("cannot be loaded"), std::string::npos) << error.what();
}

TEST_P(LoadModule, RefusesALibraryThatIsNotOfThisVersion) {
  Dl_info info{};
  ASSERT_NE(dladdr(reinterpret_cast<const void*>(&::strtol), &info), 0);
  std::filesystem::create_symlink(info.dli_fname, file());
  const Error error = refused();
  EXPECT_NE(error.text().found.find("another version"), std::string::npos) << error.what();
}

TEST_P(LoadModule, LooksInTheChosenDirectoryFirst) {
  const char* const before = std::getenv("ENXERTO_ENGINE_DIR");
  const std::string saved = before == nullptr ? "" : before;
  setenv("ENXERTO_ENGINE_DIR", directory_.c_str(), 1);
  EXPECT_EQ(module_directories().front(), directory_);
  if (before == nullptr)
    unsetenv("ENXERTO_ENGINE_DIR");
  else
    setenv("ENXERTO_ENGINE_DIR", saved.c_str(), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Modules, LoadModule,
    ::testing::Values(Row{"Forward", "libenxerto_openvino.so",
                          [](const Directories& places) { open_engine_module(places); }, "run tools/setup,"},
                      Row{"Training", "libenxerto_torch.so",
                          [](const Directories& places) { open_training_module(places); }, "run tools/setup train"}),
    [](const auto& row) { return row.param.name; });

/// The entry of a module that is open already.
template <typename Entry>
Entry entry_of(const char* file, const char* name) {
  void* const library = dlopen((std::filesystem::path(ENXERTO_TEST_ENGINE_DIR) / file).c_str(), RTLD_NOW | RTLD_NOLOAD);
  EXPECT_NE(library, nullptr) << file;
  if (library == nullptr) return nullptr;
  const auto entry = reinterpret_cast<Entry>(dlsym(library, name));
  dlclose(library);
  return entry;
}

TEST(ForwardModule, RefusesTheEntryOfAnotherVersion) {
  const EngineModule& module = engine_module();
  EXPECT_FALSE(module.version().empty());
  const auto entry = entry_of<EngineModuleEntry>("libenxerto_openvino.so", kModuleEntryName);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry(kModuleVersion + 1), nullptr);
  EXPECT_EQ(entry(kModuleVersion), &module);
}

#ifdef ENXERTO_HAS_TRAINING
TEST(TrainingModule, RefusesTheEntryOfAnotherVersion) {
  const TrainingModule& module = training_module();
  EXPECT_EQ(module.version().rfind("LibTorch ", 0), 0U) << module.version();
  const auto entry = entry_of<TrainingModuleEntry>("libenxerto_torch.so", kTrainingModuleEntryName);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry(kTrainingModuleVersion + 1), nullptr);
  EXPECT_EQ(entry(kTrainingModuleVersion), &module);
}
#endif

}  // namespace
}  // namespace enxerto
