#include "enxerto/base/hash.h"

#include <openssl/evp.h>

#include <fmt/format.h>

#define XXH_STATIC_LINKING_ONLY  // the streaming state by value
#include <xxhash.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

Hash128 from(XXH128_hash_t hash) { return {hash.high64, hash.low64}; }

[[noreturn]] void fail_digest() {
  throw Error(ErrorKind::other, {.where = "SHA-256 or MD5", .found = "OpenSSL does not provide this digest"});
}

}  // namespace

/// OpenSSL's digest of one kind.
class Digest {
 public:
  explicit Digest(const EVP_MD* kind) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), kind, nullptr) != 1) fail_digest();
  }

  void add(std::span<const std::byte> bytes) {
    if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) fail_digest();
  }

  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1) fail_digest();
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest.at(i));
    return text;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

std::string Hash128::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

Hash128 hash128(std::span<const std::byte> bytes) { return from(XXH3_128bits(bytes.data(), bytes.size())); }

Hash128 hash128(std::string_view text) { return from(XXH3_128bits(text.data(), text.size())); }

struct Hash128Stream::State {
  XXH3_state_t xxh;
};

Hash128Stream::Hash128Stream() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh); }
Hash128Stream::~Hash128Stream() = default;
Hash128Stream::Hash128Stream(Hash128Stream&&) noexcept = default;
Hash128Stream& Hash128Stream::operator=(Hash128Stream&&) noexcept = default;

Hash128Stream& Hash128Stream::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
  return *this;
}

Hash128Stream& Hash128Stream::add(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  return add(std::as_bytes(std::span(text.data(), text.size())));
}

Hash128Stream& Hash128Stream::add(std::uint64_t number) {
  std::array<std::byte, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes.at(i) = static_cast<std::byte>(number >> (8 * i));
  return add(std::span<const std::byte>(bytes));
}

Hash128Stream& Hash128Stream::add(const Hash128& hash) { return add(hash.high).add(hash.low); }

Hash128 Hash128Stream::value() const { return from(XXH3_128bits_digest(&state_->xxh)); }

struct Sha256Stream::State : Digest {
  State() : Digest(EVP_sha256()) {}
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;
void Sha256Stream::add(std::span<const std::byte> bytes) { state_->add(bytes); }
std::string Sha256Stream::hex() { return state_->hex(); }

struct Md5Stream::State : Digest {
  State() : Digest(EVP_md5()) {}
};

Md5Stream::Md5Stream() : state_(std::make_unique<State>()) {}
Md5Stream::~Md5Stream() = default;
Md5Stream::Md5Stream(Md5Stream&&) noexcept = default;
Md5Stream& Md5Stream::operator=(Md5Stream&&) noexcept = default;
void Md5Stream::add(std::span<const std::byte> bytes) { state_->add(bytes); }
std::string Md5Stream::hex() { return state_->hex(); }

std::string sha256(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.hex();
}

std::string md5(std::span<const std::byte> bytes) {
  Md5Stream stream;
  stream.add(bytes);
  return stream.hex();
}

}  // namespace enxerto
