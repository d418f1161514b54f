#include "base/memory_use.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "model_fixture.hpp"
#include "temporary_folder.hpp"

namespace {

using zimg::base::available_memory;

constexpr std::uint64_t kMiB = 1 << 20;

// A system of files alone: a machine that has a gigabyte left, and the control groups of a test.
struct Machine {
  zimg_test::TemporaryFolder root;

  Machine() {
    put("proc/meminfo", "MemTotal:  4194304 kB\nMemFree: 7 kB\nMemAvailable:    1048576 kB\nBuffers: 1 kB\n");
  }

  void put(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(root.path(file)).parent_path());
    zimg_test::write_text(root.path(file), text);
  }
  void unified_group(const std::string& group, const std::string& limit, std::uint64_t used,
                     std::uint64_t files) const {
    const std::string folder = "sys/fs/cgroup" + group;
    put(folder + "/memory.max", limit + "\n");
    put(folder + "/memory.current", std::to_string(used) + "\n");
    put(folder + "/memory.stat", "anon 1\nfile 77\ninactive_anon 1\ninactive_file " + std::to_string(files - 1) +
                                     "\nactive_file 1\nworkingset_refault_file 99\n");
  }
  std::uint64_t left() const { return available_memory(root.path()); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_use)

BOOST_AUTO_TEST_CASE(of_this_machine) {
  BOOST_TEST(available_memory() > 10'000'000u);
  BOOST_TEST(available_memory() < 1'000'000'000'000'000u);
}

BOOST_AUTO_TEST_CASE(has_a_peak_that_stays) {
  const std::uint64_t before = zimg::base::peak_memory();
  BOOST_TEST(before > 1'000'000u);
  { const std::vector<char> much(256 * kMiB, 'x'); }
  BOOST_TEST(zimg::base::peak_memory() > 200 * kMiB);
}

BOOST_FIXTURE_TEST_CASE(is_what_the_kernel_says, Machine) {
  BOOST_TEST(left() == 1024 * kMiB);
  put("proc/meminfo", "MemTotal: 4194304 kB\n");
  BOOST_TEST(left() == 0u);  // unknown
}

BOOST_FIXTURE_TEST_CASE(is_what_the_group_has_left, Machine) {
  put("proc/self/cgroup", "0::/a/b\n");
  unified_group("/a/b", std::to_string(500 * kMiB), 300 * kMiB, 100 * kMiB);
  BOOST_TEST(left() == 300 * kMiB);
  unified_group("/a", std::to_string(400 * kMiB), 300 * kMiB, 100 * kMiB);  // which the group lies in
  BOOST_TEST(left() == 200 * kMiB);
  unified_group("/a/b", "max", 300 * kMiB, 100 * kMiB);
  BOOST_TEST(left() == 200 * kMiB);
  unified_group("/a", "max", 300 * kMiB, 100 * kMiB);
  BOOST_TEST(left() == 1024 * kMiB);
  unified_group("/a", std::to_string(4000 * kMiB), 300 * kMiB, 100 * kMiB);  // more than the machine has
  BOOST_TEST(left() == 1024 * kMiB);
}

BOOST_FIXTURE_TEST_CASE(in_a_container_that_sees_its_own_group_as_the_root, Machine) {
  put("proc/self/cgroup", "0::/system.slice/docker-1234.scope\n");
  unified_group("", std::to_string(300 * kMiB), 100 * kMiB, 50 * kMiB);
  BOOST_TEST(left() == 250 * kMiB);
  put("proc/self/cgroup", "0::/\n");
  BOOST_TEST(left() == 250 * kMiB);
}

BOOST_FIXTURE_TEST_CASE(is_not_unknown_where_nothing_is_left, Machine) {
  put("proc/self/cgroup", "0::/\n");
  unified_group("", std::to_string(300 * kMiB), 310 * kMiB, 2);
  BOOST_TEST(left() == 1u);
}

BOOST_FIXTURE_TEST_CASE(of_the_first_version_of_control_groups, Machine) {
  put("proc/self/cgroup", "8:pids:/\n4:cpu,memory:/a\n0::/\n");
  put("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "314572800\n");
  put("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "104857600\n");
  put("sys/fs/cgroup/memory/a/memory.stat",
      "cache 1\ninactive_file 5\ntotal_inactive_file 1048576\ntotal_active_file 1048576\n");
  BOOST_TEST(left() == 202 * kMiB);
  put("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n");  // its word for no limit
  BOOST_TEST(left() == 1024 * kMiB);
}

BOOST_FIXTURE_TEST_CASE(passes_over_what_it_cannot_read, Machine) {
  put("proc/self/cgroup", "nonsense\n:\n0::\n4:memory\n");
  put("sys/fs/cgroup/memory.max", "-\n");
  BOOST_TEST(left() == 1024 * kMiB);
}

BOOST_AUTO_TEST_SUITE_END()
