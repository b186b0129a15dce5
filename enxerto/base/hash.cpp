#include "enxerto/base/hash.h"

#include <openssl/evp.h>

#include <fmt/format.h>

#define XXH_STATIC_LINKING_ONLY  // the streaming state by value
#include <xxhash.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

Hash128 from(XXH128_hash_t hash) { return {hash.high64, hash.low64}; }

[[noreturn]] void fail_sha256() {
  throw Error(ErrorKind::other, {.where = "SHA-256", .found = "the OpenSSL digest failed", .expected = "", .tip = ""});
}

}  // namespace

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

struct Sha256Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) fail_sha256();
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::add(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1) fail_sha256();
}

std::string Sha256Stream::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(state_->context, digest.data(), &size) != 1) fail_sha256();
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest.at(i));
  return text;
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.hex();
}

}  // namespace enxerto
