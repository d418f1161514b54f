#include "base/secret_box.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "base/hex.hpp"

namespace {

using namespace zimg;
using base::SecretBox;

template <std::size_t kSize>
std::array<std::uint8_t, kSize> octets(const std::string& hex) {
  const Bytes bytes = base::from_hex(hex).value();
  BOOST_REQUIRE(bytes.size() == kSize);
  std::array<std::uint8_t, kSize> found{};
  std::copy(bytes.begin(), bytes.end(), found.begin());
  return found;
}

// Test case 16 of "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST SP 800-38D adopts.
struct KnownBox {
  base::SecretKey key = octets<32>("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  base::Nonce nonce = octets<12>("cafebabefacedbaddecaf888");
  Bytes bound = base::from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
  Bytes plain = base::from_hex(
                    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
                    .value();
  Bytes sealed = base::from_hex(
                     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662")
                     .value();
  base::Tag tag = octets<16>("76fc6ece0f4e1768cddf8853bb2d551b");

  bool opens() const {
    SecretBox box(SecretBox::Way::kOpen, key, nonce, bound.data(), bound.size());
    Bytes out(sealed.size());
    box.update(sealed.data(), out.data(), sealed.size());
    return box.is_authentic(tag) && out == plain;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(secret_box)

BOOST_AUTO_TEST_CASE(seals_as_published) {
  const KnownBox known;
  SecretBox box(SecretBox::Way::kSeal, known.key, known.nonce, known.bound.data(), known.bound.size());
  Bytes out = known.plain;  // in place
  box.update(out.data(), out.data(), out.size());
  BOOST_TEST(out == known.sealed);
  BOOST_TEST(box.tag() == known.tag);
}

BOOST_AUTO_TEST_CASE(pieces_make_what_the_whole_makes) {
  const KnownBox known;
  for (std::size_t piece : {1u, 15u, 17u}) {
    SecretBox box(SecretBox::Way::kSeal, known.key, known.nonce, known.bound.data(), known.bound.size());
    Bytes out(known.plain.size());
    for (std::size_t at = 0; at < out.size(); at += piece) {
      box.update(known.plain.data() + at, out.data() + at, std::min(piece, out.size() - at));
    }
    BOOST_TEST(out == known.sealed);
    BOOST_TEST(box.tag() == known.tag);
  }
}

BOOST_AUTO_TEST_CASE(opens_only_what_nobody_changed) {
  BOOST_TEST(KnownBox().opens());
  KnownBox changed;
  changed.key[31] ^= 1;
  BOOST_TEST(!changed.opens());
  changed = {};
  changed.nonce[0] ^= 1;
  BOOST_TEST(!changed.opens());
  changed = {};
  changed.bound.back() ^= 0x80;
  BOOST_TEST(!changed.opens());
  changed = {};
  changed.tag[15] ^= 1;
  BOOST_TEST(!changed.opens());
  changed = {};
  changed.sealed[20] ^= 1;
  changed.plain[20] ^= 1;
  BOOST_TEST(!changed.opens());
}

// RFC 5869, A.1: the first 32 of its 42 octets.
BOOST_AUTO_TEST_CASE(derives_keys_as_published) {
  const Bytes secret(22, 0x0b);
  const Bytes salt = base::from_hex("000102030405060708090a0b0c").value();
  const Bytes purpose = base::from_hex("f0f1f2f3f4f5f6f7f8f9").value();
  const auto view = [](const Bytes& bytes) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  const base::SecretKey key = base::derive_key(secret.data(), secret.size(), view(salt), view(purpose));
  BOOST_TEST(base::to_hex(key.data(), key.size()) ==
             "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  BOOST_TEST((key != base::derive_key(secret.data(), secret.size(), view(salt), "another")));
}

BOOST_AUTO_TEST_CASE(nonces_differ) {
  BOOST_TEST((base::random_nonce() != base::random_nonce()));
}

BOOST_AUTO_TEST_SUITE_END()
