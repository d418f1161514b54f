// What nearly every test includes; each still includes what it uses.
#include <boost/test/unit_test.hpp>
#include <random>

#include "base/standard_headers.hpp"
