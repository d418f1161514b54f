// The main function of every Boost.Test program.
#include <boost/test/unit_test.hpp>

int main(int argc, char** argv) {
  const auto has_nothing_to_prepare = [] { return true; };
  return boost::unit_test::unit_test_main(has_nothing_to_prepare, argc, argv);
}
