#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {

/// A transactional file of named tables of keys and values (LMDB), shared by threads and processes. One object a file
/// and process: `open` of the same file gives the same object, because LMDB loses its locks otherwise.
class TableFile : public std::enable_shared_from_this<TableFile> {
 public:
  enum class Durability {
    full,       ///< a committed transaction survives a power cut
    last_lost,  ///< a power cut may undo the last transaction
  };

  struct Options {
    std::vector<std::string> tables;  ///< their names; readers and writers call them by position
    Durability durability = Durability::full;
    std::size_t map_bytes = std::size_t{1} << 30;  ///< address space to begin with, not memory or disk; it grows
  };

  /// Opens or creates. Throws Error{disk}. What is used of a file that becomes shorter meanwhile is ShrunkFile.
  static std::shared_ptr<TableFile> open(const std::filesystem::path& path, const Options& options);

  /// True for an error of `open` that says that the file itself is damaged, not that it cannot be read or written.
  static bool is_damage(const Error& error);

  ~TableFile();
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;

  /// A snapshot to read from, for one thread at a time. Keep it for a short while only: it holds up the reuse of space.
  class Reader {
   public:
    explicit Reader(std::shared_ptr<const TableFile> file);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Bytes of the value, valid as long as this reader; empty where the key is not there.
    std::span<const std::byte> get(std::size_t table, std::span<const std::byte> key) const;
    std::size_t entries(std::size_t table) const;

   private:
    std::shared_ptr<const TableFile> file_;
    void* transaction_ = nullptr;
  };

  class Writer {
   public:
    /// Adds or replaces.
    void put(std::size_t table, std::span<const std::byte> key, std::span<const std::byte> value);
    void clear(std::size_t table);

   private:
    friend class TableFile;
    explicit Writer(const TableFile& file, void* transaction) : file_(file), transaction_(transaction) {}
    const TableFile& file_;
    void* transaction_;
  };

  /// Runs `change` in one transaction: all of it or nothing is kept. It may be run again where the file had to grow.
  /// Throws Error{disk}.
  void write(const std::function<void(Writer&)>& change);

 private:
  TableFile(std::filesystem::path path, const Options& options);
  static std::shared_ptr<TableFile> open_whole(const std::filesystem::path& path, const Options& options);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace enxerto
