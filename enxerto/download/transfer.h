#pragma once
#include <cstdint>
#include <string>

#include "enxerto/download/download.h"
#include "enxerto/download/partial_file.h"
#include "enxerto/download/running_digest.h"

namespace enxerto {

/// The bytes of one download on their way into its part: started, resumed where the server still has the same file, or
/// started again.
class Transfer final : public HttpBody {
 public:
  Transfer(const Download& request, PartialFile& part, Progress& progress);
  ~Transfer() override;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Fetches until the part is complete. Throws as `download` does.
  void run();

  /// Whether some of the bytes are from an earlier run.
  bool resumed() const { return resumed_; }
  RunningDigest& digest() { return digest_; }

  void begin(const HttpAnswer& answer) override;
  void add(std::span<const std::byte> bytes) override;

 private:
  HttpRequest ask() const;
  bool is_whole() const { return size_ > 0 && part_.size() == size_; }
  bool is_the_rest(const HttpAnswer& answer) const;
  bool begun_anew(const HttpAnswer& answer);
  void check_size() const;
  void take_up();
  void start_over();
  void accept(const HttpAnswer& answer);
  void refuse_page(const HttpAnswer& answer) const;
  void check_room(std::uint64_t coming) const;
  void show();

  const Download& request_;
  PartialFile& part_;
  Progress& progress_;
  RunningDigest digest_;
  PartOrigin origin_;
  std::uint64_t size_ = 0;   // of the whole; 0 while it is not known
  std::uint64_t shown_ = 0;  // megabytes reported to `progress_`
  int restarts_ = 0;
  bool resumed_ = false, stale_ = false, showing_ = false;
};

}  // namespace enxerto
