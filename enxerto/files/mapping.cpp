#include "enxerto/files/mapping.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "enxerto/files/durable.h"

namespace enxerto {
namespace {

struct MappedPath {
  std::filesystem::path path;
  ErrorKind kind = ErrorKind::data;
};

/// Of one map. What the handler reads and writes is atomic; the rest is held by the mutex.
struct Slot {
  std::atomic<std::uintptr_t> begin{0}, end{0};  ///< 0: free
  std::atomic<bool> shrank{false};               ///< zeros are in it
  std::atomic<bool> untold{false};               ///< they were put there since that was last told
  std::atomic<int> protection{PROT_READ};        ///< of the map, and of the zeros
  MappedPath of;
};

/// All maps of the process. Maps beyond the slots are not guarded, as all maps were before.
struct Maps {
  std::array<Slot, 4096> slots;
  std::atomic<std::size_t> used{0};  ///< slots from here on were never taken
  std::atomic<bool> untold{false};   ///< pages were missing, of maps of which that is still to be told
  std::mutex mutex;
  std::deque<MappedPath> ended;  ///< maps that shrank and are gone; not told yet
  struct sigaction before{};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

/// Never destroyed: threads of engines may read weights until the process ends.
Maps& maps() {
  static Maps& only = *new Maps;
  return only;
}

std::uintptr_t page_bytes() {
  static const auto bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

/// Only calls that are safe in a handler: mmap is a bare system call.
bool put_zeros_under(std::uintptr_t address) {
  Maps& all = maps();
  const std::size_t used = all.used.load();
  for (std::size_t i = 0; i < used; ++i) {
    Slot& slot = all.slots[i];
    if (address < slot.begin.load() || address >= slot.end.load()) continue;
    void* const page = reinterpret_cast<void*>(address / page_bytes() * page_bytes());
    if (::mmap(page, page_bytes(), slot.protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
      return false;
    slot.shrank = true;
    slot.untold = true;
    all.untold = true;
    return true;
  }
  return false;
}

extern "C" void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int saved = errno;
  if (put_zeros_under(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
    errno = saved;
    return;
  }
  const struct sigaction& before = maps().before;
  if ((before.sa_flags & SA_SIGINFO) != 0) return before.sa_sigaction(signal, info, context);
  if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
  ::sigaction(signal, &before, nullptr);  // the same access faults again and ends the process
}

void install_handler() {
  static const bool installed = [] {
    (void)page_bytes();
    struct sigaction action{};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return ::sigaction(SIGBUS, &action, &maps().before) == 0;
  }();
  (void)installed;
}

void guard(std::span<const std::byte> map, MappedPath of, int protection = PROT_READ) {
  install_handler();
  Maps& all = maps();
  const std::lock_guard lock(all.mutex);
  auto* const slot = std::ranges::find_if(all.slots, [](const Slot& one) { return one.end == 0; });
  if (slot == all.slots.end()) return;
  slot->of = std::move(of);
  slot->shrank = false;
  slot->untold = false;
  slot->protection = protection;
  slot->begin = reinterpret_cast<std::uintptr_t>(map.data());
  slot->end = slot->begin + map.size();
  const auto number = static_cast<std::size_t>(slot - all.slots.begin());
  all.used = std::max(all.used.load(), number + 1);
}

void release(const std::byte* data) {
  Maps& all = maps();
  const std::lock_guard lock(all.mutex);
  for (std::size_t i = 0; i < all.used; ++i) {
    Slot& slot = all.slots[i];
    if (slot.begin != reinterpret_cast<std::uintptr_t>(data)) continue;
    slot.end = 0;
    slot.begin = 0;
    if (slot.untold) all.ended.push_back(std::move(slot.of));
    return;
  }
}

/// A file that shrank and is still mapped, or one that is to be told once.
std::optional<MappedPath> a_shrunk_file() {
  Maps& all = maps();
  const std::lock_guard lock(all.mutex);
  all.untold = false;  // before the slots are looked at: the handler marks its slot first
  std::optional<MappedPath> found;
  for (std::size_t i = 0; i < all.used && !found; ++i) {
    Slot& slot = all.slots[i];
    if (slot.end == 0 || !slot.shrank) continue;
    slot.untold = false;
    found = slot.of;
  }
  const bool stays = found.has_value();
  if (!found && !all.ended.empty()) {
    found = std::move(all.ended.front());
    all.ended.pop_front();
  }
  if (stays || !all.ended.empty()) all.untold = true;
  return found;
}

}  // namespace

Mapping::Mapping(int file, std::size_t size, const std::filesystem::path& path, ErrorKind kind) : size_(size) {
  if (size == 0) return;
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  if (data == MAP_FAILED) {
    failure_ = errno;
    if (failure_ == ENOMEM) throw memory_error(path, "cannot be mapped into memory");
    return;
  }
  data_ = static_cast<const std::byte*>(data);
  guard({data_, size_}, {path, kind});
}

Mapping::~Mapping() {
  if (data_ == nullptr) return;
  release(data_);
  ::munmap(const_cast<std::byte*>(data_), size_);
}

MapGuard::MapGuard(std::span<const std::byte> map, const std::filesystem::path& path, ErrorKind kind, Access access)
    : data_(map.data()) {
  guard(map, {path, kind}, access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ);
}

MapGuard::~MapGuard() { release(data_); }

void throw_if_a_file_shrank() {
  if (!maps().untold) return;
  const std::optional<MappedPath> file = a_shrunk_file();
  if (!file) return;
  throw ShrunkFile(file->kind, {.where = file->path.string(),
                                .found = "became shorter while it was used, or can no longer be read",
                                .expected = "a file that stays as it is until the end",
                                .tip = "wait until whatever writes it has ended and start again"});
}

void touch(std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += page_bytes()) (void)*static_cast<const volatile std::byte*>(&bytes[i]);
  if (!bytes.empty()) (void)*static_cast<const volatile std::byte*>(&bytes.back());
}

}  // namespace enxerto
