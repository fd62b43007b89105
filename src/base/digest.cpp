#include "base/digest.hpp"

// For SHA256_Init() and its like, see below.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <span>
#include <stdexcept>

namespace trueup {

namespace {

std::string hex_of(std::span<const unsigned char> digest) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  hex.reserve(digest.size() * 2);
  for (const unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  // Not SHA256(): that one sets up all of libcrypto, its configuration file read, for which a small check has no other use.
  SHA256_CTX context;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  if (SHA256_Init(&context) != 1 || SHA256_Update(&context, bytes.data(), bytes.size()) != 1 || SHA256_Final(digest.data(), &context) != 1)
    throw std::runtime_error("libcrypto has no SHA-256");
  return hex_of(digest);
}

struct Sha256::State {
  Context context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1) throw std::runtime_error("libcrypto has no SHA-256");
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) throw std::runtime_error("libcrypto fails");
}

std::string Sha256::hex() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  if (EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) != 1) throw std::runtime_error("libcrypto fails");
  return hex_of(digest);
}

std::array<unsigned char, 20> sha1(std::string_view first, std::string_view second) {
  const Context context(EVP_MD_CTX_new());
  std::array<unsigned char, 20> digest{};
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw std::runtime_error("libcrypto has no SHA-1");
  return digest;
}

}  // namespace trueup
