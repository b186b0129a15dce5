#include "program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace enxerto::test {
namespace {

namespace fs = std::filesystem;

std::uintmax_t largest_file_below(const fs::path& folder) {
  std::uintmax_t largest = 0;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
       entry.increment(error)) {
    std::error_code gone;
    if (entry->is_regular_file(gone) && entry->path().extension() != ".mdb") {
      const auto size = entry->file_size(gone);
      if (!gone) largest = std::max(largest, size);
    }
  }
  return largest;
}

void redirect(int descriptor, const fs::path& path, int flags) {
  const int file = open(path.c_str(), flags, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(126);
  close(file);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "enxerto-cli-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Outcome run(const Folder& folder, const std::vector<std::string>& arguments, const Launch& launch) {
  const fs::path in = folder / ".stdin", out = folder / ".stdout", err = folder / ".stderr";
  write(in, launch.input);
  std::vector<std::string> words{ENXERTO_CLI};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  setenv("ENXERTO_CACHE", (folder / "cache").c_str(), 1);

  const pid_t child = fork();
  if (child == 0) {
    redirect(STDIN_FILENO, in, O_RDONLY);
    redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
    if (int ends[2]; launch.reader_gone && pipe(ends) == 0) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[0]);
      close(ends[1]);
    }
    redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
    if (launch.file_limit_bytes >= 0) {
      const rlimit limit{static_cast<rlim_t>(launch.file_limit_bytes), static_cast<rlim_t>(launch.file_limit_bytes)};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  bool asked = launch.stop_signal == 0 && launch.empty_then.empty();
  while (waitpid(child, &status, asked ? 0 : WNOHANG) == 0) {
    if (largest_file_below(launch.stop_when) >= launch.stop_bytes) {
      if (launch.stop_signal != 0) kill(child, launch.stop_signal);
      if (!launch.empty_then.empty()) fs::resize_file(launch.empty_then, 0);
      asked = true;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  return {.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
          .out = contents(out),
          .err = contents(err)};
}

void write_picture(const fs::path& path, int red, int green, int blue, unsigned seed, int width, int height) {
  const int stride = (3 * width + 3) / 4 * 4;
  const auto size = static_cast<unsigned>(54 + stride * height);
  std::string bytes(size, '\0');
  const auto put = [&](std::size_t at, unsigned value, int count) {
    for (int i = 0; i < count; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
  };
  bytes[0] = 'B';
  bytes[1] = 'M';
  put(2, size, 4);
  put(10, 54, 4);
  put(14, 40, 4);
  put(18, static_cast<unsigned>(width), 4);
  put(22, static_cast<unsigned>(height), 4);
  put(26, 1, 2);
  put(28, 24, 2);
  unsigned state = seed * 2654435761U + 12345U;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      state = state * 1664525U + 1013904223U;
      const int noise = static_cast<int>(state >> 26U);
      const std::size_t at = 54 + static_cast<std::size_t>(y * stride + 3 * x);
      bytes[at] = static_cast<char>(std::min(255, blue + noise));
      bytes[at + 1] = static_cast<char>(std::min(255, green + noise));
      bytes[at + 2] = static_cast<char>(std::min(255, red + noise));
    }
  }
  fs::create_directories(path.parent_path());
  write(path, bytes);
}

void write_class_folders(const fs::path& root, int classes, int per_class, unsigned seed) {
  for (int c = 0; c < classes; ++c) {
    for (int i = 0; i < per_class; ++i) {
      write_picture(root / std::string(1, static_cast<char>('a' + c)) / (std::to_string(i) + ".bmp"),
                    c % 3 == 0 ? 180 : 20, c % 3 == 1 ? 180 : 20, c % 3 == 2 ? 180 : 20,
                    seed + static_cast<unsigned>(1000 * c + i + 1));
    }
  }
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void flip_a_bit(const fs::path& path) {
  std::string bytes = contents(path);
  bytes.at(bytes.size() / 2) = static_cast<char>(bytes.at(bytes.size() / 2) ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace enxerto::test
