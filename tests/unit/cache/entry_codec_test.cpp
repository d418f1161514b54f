#include "cache/entry_codec.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

#include "base/sha256.hpp"
#include "cache/big_endian.hpp"
#include "cache/checksum.hpp"

namespace {

using namespace zimg::cache;

zimg::CacheKey key_of(std::uint8_t octet) {
  zimg::CacheKey::Digest digest{};
  digest.fill(octet);
  return zimg::CacheKey(digest);
}

zimg::CacheEntry some_entry() {
  zimg::CacheEntry entry;
  entry.info.format = zimg::ImageFormat::kJpeg;
  entry.info.width = 1024;
  entry.info.height = 768;
  entry.info.seed = 0xfedcba98;
  entry.info.steps = 8;
  entry.info.guidance = 3.5;
  entry.info.draw_ms = 1800.25;
  entry.info.expires_at_ms = 1800000000000;
  entry.info.name_space = "user@example.org";
  entry.info.model = "Z-Image-Turbo";
  entry.payload = std::make_shared<const zimg::Bytes>(zimg::Bytes{1, 2, 3, 4, 5});
  return entry;
}

HeaderState decode(const zimg::Bytes& octets, EntryHeader& out) {
  return decode_header(octets.data(), octets.size(), key_of(1), out);
}

// Puts the right checksum under octets that were changed on purpose.
void seal(zimg::Bytes& octets) {
  put_big_endian(octets.data() + octets.size() - 8, checksum(octets.data(), octets.size() - 8));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(entry_codec)

BOOST_AUTO_TEST_CASE(reads_back_every_field) {
  EntryHeader header = make_header(some_entry(), 1700000000123);
  header.id = 0x1122334455667788;
  header.info.is_pinned = true;
  header.info.tag = "festival";
  EntryHeader read;
  const zimg::Bytes octets = encode_header(key_of(1), header);
  BOOST_REQUIRE((decode(octets, read) == HeaderState::kSound));
  BOOST_TEST((read.info.format == zimg::ImageFormat::kJpeg));
  BOOST_TEST(read.info.width == 1024u);
  BOOST_TEST(read.info.height == 768u);
  BOOST_TEST(read.info.seed == 0xfedcba98u);
  BOOST_TEST(read.info.steps == 8u);
  BOOST_TEST(read.info.guidance == 3.5);
  BOOST_TEST(read.info.draw_ms == 1800.25);
  BOOST_TEST(read.info.stored_at_ms == 1700000000123);
  BOOST_TEST(read.info.expires_at_ms == 1800000000000);
  BOOST_TEST(read.info.name_space == "user@example.org");
  BOOST_TEST(read.info.model == "Z-Image-Turbo");
  BOOST_TEST((read.info.payload_sha256 == zimg::base::sha256("\1\2\3\4\5", 5)));
  BOOST_TEST(read.id == 0x1122334455667788u);
  BOOST_TEST(read.payload_bytes == 5u);
  BOOST_TEST(read.payload_checksum == checksum("\1\2\3\4\5", 5));
  BOOST_TEST(read.info.is_pinned);
  BOOST_TEST(read.info.tag == "festival");
}

BOOST_AUTO_TEST_CASE(keeps_a_time_and_a_digest_that_are_given) {
  zimg::CacheEntry entry = some_entry();
  entry.info.stored_at_ms = 5;
  entry.info.payload_sha256.fill(9);
  const EntryHeader header = make_header(entry, 1700000000123);
  BOOST_TEST(header.info.stored_at_ms == 5);
  BOOST_TEST((header.info.payload_sha256 == entry.info.payload_sha256));
}

BOOST_AUTO_TEST_CASE(notices_every_single_bit) {
  const zimg::Bytes sound = encode_header(key_of(1), make_header(some_entry(), 1));
  EntryHeader read;
  for (std::size_t bit = 0; bit < sound.size() * 8; ++bit) {
    zimg::Bytes octets = sound;
    octets[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    BOOST_TEST((decode(octets, read) != HeaderState::kSound), "bit " << bit);
  }
}

BOOST_AUTO_TEST_CASE(notices_a_header_that_was_cut_or_grew) {
  const zimg::Bytes sound = encode_header(key_of(1), make_header(some_entry(), 1));
  EntryHeader read;
  for (std::size_t size = 0; size < sound.size(); ++size) {
    BOOST_TEST((decode(zimg::Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size)), read) ==
                HeaderState::kDamaged));
  }
  zimg::Bytes longer = sound;
  longer.push_back(0);
  BOOST_TEST((decode(longer, read) == HeaderState::kDamaged));
}

BOOST_AUTO_TEST_CASE(does_not_take_another_keys_header) {
  const zimg::Bytes octets = encode_header(key_of(2), make_header(some_entry(), 1));
  EntryHeader read;
  BOOST_TEST((decode(octets, read) == HeaderState::kDamaged));
}

BOOST_AUTO_TEST_CASE(leaves_newer_schemas_and_flags_alone) {
  const zimg::Bytes sound = encode_header(key_of(1), make_header(some_entry(), 1));
  EntryHeader read;
  zimg::Bytes newer = sound;
  newer[9] = 2;  // the schema; how schema 2 is sealed is not known here
  BOOST_TEST((decode(newer, read) == HeaderState::kNewer));
  zimg::Bytes flagged = sound;
  flagged[10] = 0x80;  // a flag that a reader must understand
  seal(flagged);
  BOOST_TEST((decode(flagged, read) == HeaderState::kNewer));
  zimg::Bytes hinted = sound;
  hinted[11] = 0x80;  // a flag that it need not
  seal(hinted);
  BOOST_TEST((decode(hinted, read) == HeaderState::kSound));
  zimg::Bytes sealed = sound;
  sealed[116] = 1;  // another seal than SHA-256
  seal(sealed);
  BOOST_TEST((decode(sealed, read) == HeaderState::kNewer));
}

BOOST_AUTO_TEST_CASE(passes_over_fields_that_were_added_later) {
  zimg::Bytes octets = encode_header(key_of(1), make_header(some_entry(), 1));
  octets.insert(octets.end() - 8, 24, 0xab);
  put_big_endian(octets.data(), static_cast<std::uint32_t>(octets.size()));
  seal(octets);
  EntryHeader read;
  BOOST_REQUIRE((decode(octets, read) == HeaderState::kSound));
  BOOST_TEST(read.info.model == "Z-Image-Turbo");
}

BOOST_AUTO_TEST_CASE(survives_noise) {
  std::mt19937 random(5);
  EntryHeader read;
  for (int i = 0; i < 20000; ++i) {
    zimg::Bytes octets(random() % 400);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    if (octets.size() >= 60 && i % 2 == 0) {  // get past the first checks
      const zimg::Bytes sound = encode_header(key_of(1), make_header(some_entry(), 1));
      std::copy_n(sound.begin(), 52, octets.begin());
      put_big_endian(octets.data(), static_cast<std::uint32_t>(octets.size()));
      seal(octets);
    }
    decode(octets, read);  // sound lengths and noise behind them: no crash, whatever it says
  }
  BOOST_TEST((decode(zimg::Bytes(), read) == HeaderState::kDamaged));
}

BOOST_AUTO_TEST_CASE(lets_any_reader_see_id_and_pin) {
  EntryHeader header = make_header(some_entry(), 1);
  header.id = 77;
  header.info.is_pinned = true;
  zimg::Bytes octets = encode_header(key_of(1), header);
  octets[9] = 99;  // whatever the schema
  const auto prefix = decode_prefix(octets.data(), octets.size());
  BOOST_REQUIRE(prefix.has_value());
  BOOST_TEST(prefix->id == 77u);
  BOOST_TEST(prefix->is_pinned);
  BOOST_TEST(!decode_prefix(octets.data(), 40).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
