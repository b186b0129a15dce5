#include "enxerto/media/audio/ffmpeg_program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "ffmpeg";

/// A folder of its own for what goes in and comes out: the program seeks in both.
class Exchange {
 public:
  Exchange() {
    std::string name = (fs::temp_directory_path() / "enxerto-sound-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw Error(ErrorKind::disk, {.where = name,
                                    .found = std::system_category().message(errno),
                                    .expected = "a place for the sound that FFmpeg decodes",
                                    .tip = "set TMPDIR to a folder that can be written"});
    folder_ = name;
  }
  ~Exchange() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  std::string in() const { return (folder_ / "in").string(); }
  std::string out() const { return (folder_ / "out.wav").string(); }

 private:
  fs::path folder_;
};

/// True where the program ended well. It reads nothing from the terminal and says nothing on it.
bool converts(const Exchange& files) {
  std::array<std::string, 19> words{kProgram,
                                    "-nostdin",
                                    "-v",
                                    "error",
                                    "-protocol_whitelist",
                                    "file",
                                    "-i",
                                    files.in(),
                                    "-map",
                                    "0:a:0",
                                    "-t",
                                    std::to_string(kLongestByFfmpeg),
                                    "-f",
                                    "wav",
                                    "-c:a",
                                    "pcm_f32le",
                                    "-threads",
                                    "1",
                                    files.out()};
  std::array<char*, words.size() + 1> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return false;
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, kProgram, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

bool has_ffmpeg_program() {
  const char* const path = std::getenv("PATH");
  std::string_view left = path == nullptr ? "" : path;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(':'), left.size());
    if (end > 0 && access((fs::path(left.substr(0, end)) / kProgram).c_str(), X_OK) == 0) return true;
    left.remove_prefix(std::min(end + 1, left.size()));
  }
  return false;
}

std::optional<std::vector<std::byte>> wav_by_ffmpeg(std::span<const std::byte> file) {
  const Exchange files;
  std::ofstream in(files.in(), std::ios::binary);
  in.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  if (!in.flush())
    throw Error(ErrorKind::disk, {.where = files.in(),
                                  .found = "cannot be written",
                                  .expected = "a place for the sound that FFmpeg decodes",
                                  .tip = "set TMPDIR to a folder with more room"});
  if (!converts(files)) return std::nullopt;
  std::ifstream out(files.out(), std::ios::binary | std::ios::ate);
  std::vector<std::byte> wav(out ? static_cast<std::size_t>(out.tellg()) : 0);
  out.seekg(0);
  if (wav.empty() || !out.read(reinterpret_cast<char*>(wav.data()), static_cast<std::streamsize>(wav.size())))
    return std::nullopt;
  return wav;
}

}  // namespace enxerto
